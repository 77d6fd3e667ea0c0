package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;

/**
 * A database as managed services have it: no Java is on offer, and nobody gets a superuser. It
 * should be in a cluster of its own, since roles belong to the cluster.
 */
public final class ManagedServer {
  private static final String PASSWORD = "not secret";

  private final TestDatabase database;

  public ManagedServer(TestDatabase database) {
    this.database = database;
  }

  /** Makes the database one, and its roles; returns what migrating it says. */
  public Result migrate() throws SQLException {
    try (SqlSession superuser = new SqlSession(database.connect())) {
      superuser.execute(
          "CREATE ROLE administrator LOGIN CREATEROLE PASSWORD '%s'".formatted(PASSWORD));
      superuser.execute("CREATE ROLE runner LOGIN PASSWORD '%s'".formatted(PASSWORD));
      superuser.execute("GRANT CREATE ON DATABASE %s TO administrator".formatted(database.name()));
      // From PostgreSQL 16 on, who grants a role must have made it or been given it.
      superuser.execute("GRANT runner TO administrator WITH ADMIN OPTION");
      hideJava(superuser);
      Result result = administrator().run("migrate");
      assertThat(result.code()).as(result.err()).isZero();
      try (SqlSession administrator = new SqlSession(database.connectAs("administrator"))) {
        administrator.execute("GRANT bqx_runner TO runner");
      }
      return result;
    }
  }

  /** Takes the runtimes out of what this database sees of the server. */
  public static void hideJava(SqlSession superuser) throws SQLException {
    superuser.execute("SET allow_system_table_mods = on");
    superuser.execute(
        """
        CREATE OR REPLACE VIEW pg_catalog.pg_available_extensions AS
        SELECT e.name, e.default_version, x.extversion AS installed_version, e.comment
        FROM pg_available_extensions() e (name, default_version, comment)
        LEFT JOIN pg_extension x ON e.name = x.extname
        WHERE e.name NOT IN ('pljava', 'sqljrt')
        """);
    superuser.execute("RESET allow_system_table_mods");
  }

  /** Runs commands as who migrates: with CREATEROLE and CREATE on the database. */
  public CommandLineRunner administrator() {
    return new CommandLineRunner(database, "administrator", PASSWORD);
  }

  /** Runs commands as who computes: a member of bqx_runner. */
  public CommandLineRunner runner() {
    return new CommandLineRunner(database, "runner", PASSWORD);
  }
}
