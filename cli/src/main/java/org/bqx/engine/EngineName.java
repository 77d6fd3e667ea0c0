package org.bqx.engine;

import java.util.Locale;

/** Where rows are computed. */
public enum EngineName {
  /** By Java in the backend. */
  SERVER,
  /** By this program, for servers that can have no Java. */
  CLIENT;

  /** Returns the engine that {@code bqx.engine()} names. */
  public static EngineName ofSql(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Returns the name that SQL and options know it by. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
