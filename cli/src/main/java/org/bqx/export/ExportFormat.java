package org.bqx.export;

import java.util.Locale;

/** What files are written. */
public enum ExportFormat {
  /** Columns with types, NULLs and the manifest in the file. */
  PARQUET,
  /** Text as {@code COPY} writes it. */
  CSV;

  /** Returns the ending of a file's name. */
  String suffix() {
    return "." + this;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
