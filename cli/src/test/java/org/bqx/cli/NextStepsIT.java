package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a role is told to do next helps: what was refused works once that was done. */
@TestMethodOrder(OrderAnnotation.class)
class NextStepsIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String ROLE = "next_steps_it";
  private static final CommandLineRunner HERS = new CommandLineRunner(DATABASE, ROLE, "hers");

  /** Owns the database, and has none of bqx's roles. */
  @BeforeAll
  static void makeRole() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD 'hers'");
      sql.execute("ALTER DATABASE %s OWNER TO %s".formatted(DATABASE.name(), ROLE));
    }
  }

  @AfterAll
  static void dropRole() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("ALTER DATABASE %s OWNER TO CURRENT_USER".formatted(DATABASE.name()));
      sql.execute("DROP OWNED BY " + ROLE);
      sql.execute("DROP ROLE " + ROLE);
    }
  }

  @Test
  @Order(1)
  void commandsKeepTheOptionsOfTheCall() {
    Map<String, String> server = BQX.environment();
    List<String> options =
        new ArrayList<>(
            List.of("-h", server.get("PGHOST"), "-p", server.get("PGPORT"), "-d", DATABASE.name()));
    String given = String.join(" ", options);
    options.add("status");
    Result status = BQX.run(options.toArray(String[]::new));
    assertThat(status.code()).isEqualTo(1);
    assertThat(status.err()).contains("next: ./bqx migrate " + given + System.lineSeparator());
    options.set(options.size() - 1, "doctor");
    assertThat(BQX.run(options.toArray(String[]::new)).out())
        .contains("next: ./bqx migrate " + given);
    assertThat(BQX.run("status").err()).contains("next: ./bqx migrate" + System.lineSeparator());
  }

  @Test
  @Order(2)
  void aWrongPasswordIsToBeGivenAgain() {
    DATABASE.assumeLocal();
    Result refused = BQX.runWith(Map.of("PGUSER", ROLE, "PGPASSWORD", "wrong"), "status");
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.err()).contains("next: give the password of role " + ROLE);
    assertThat(BQX.runWith(Map.of("PGDATABASE", "next_steps_nowhere"), "status").err())
        .contains("next: make it: CREATE DATABASE \"next_steps_nowhere\"");
  }

  @Test
  @Order(3)
  void theDatabasesOwnerIsToldWhichRoleReadsAndWhichComputes() throws SQLException {
    Result migrate = HERS.run("migrate");
    assertThat(migrate.code()).as(migrate.err()).isEqualTo(1);
    assertThat(migrate.err())
        .contains(
            "is not a superuser", "next: Where none is to be had, the client can compute: ./bqx");
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07").code())
        .isZero();

    for (String command : List.of("status", "plan", "backfill", "verify", "families", "gaps")) {
      Result refused = HERS.run(command);
      assertThat(refused.code()).as("%s: %s", command, refused.err()).isEqualTo(1);
      assertThat(refused.err())
          .as(command)
          .contains(
              "next: GRANT bqx_runner TO "
                  + ROLE
                  + " (as a superuser; bqx_reader is enough to read)");
    }

    String owners = "next: connect as a superuser or a member of bqx_owner (-U)";
    for (String option : List.of("--enable", "--disable")) {
      assertThat(HERS.run("families", option, "rate").err()).contains(owners);
    }

    grant("GRANT bqx_reader TO " + ROLE);
    assertThat(HERS.run("plan").code()).isZero();
    Result backfill = HERS.run("backfill");
    assertThat(backfill.code()).as(backfill.err()).isEqualTo(1);
    assertThat(backfill.err()).contains("next: GRANT bqx_runner TO " + ROLE + " (as a superuser)");

    // What she may not do is said to be another's.
    assertThat(HERS.run("report", "--markdown", "--family", "rate").err())
        .contains("next: as a superuser or a member of bqx_owner: ./bqx psql -c \"SELECT bqx.");
    assertThat(HERS.run("doctor").out())
        .contains("next: as a member of bqx_runner: ./bqx backfill");

    assertThat(HERS.run("families", "--enable", "rate").err()).contains(owners);

    grant("GRANT bqx_runner TO " + ROLE);
    assertThat(HERS.run("families", "--enable", "rate").err()).contains(owners);
    assertThat(HERS.run("doctor").out()).contains("next: ./bqx backfill");
    Result done = HERS.run("backfill");
    assertThat(done.code()).as(done.err()).isZero();
  }

  private static void grant(String grant) throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute(grant);
    }
  }
}
