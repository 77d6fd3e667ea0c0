package org.bqx.migrations;

import java.sql.SQLException;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/**
 * Installs the jar of Java functions, and again whenever its content changes; not where a client
 * computes.
 */
public final class R__functions_jar extends BaseJavaMigration {
  private final FunctionsJar jar = new FunctionsJar();

  @Override
  public Integer getChecksum() {
    return jar.checksum();
  }

  @Override
  public void migrate(Context context) throws SQLException {
    if (Engine.choose(context.getConnection(), context.getConfiguration().getPlaceholders())
        == Engine.SERVER) {
      jar.install(context.getConnection());
    }
  }
}
