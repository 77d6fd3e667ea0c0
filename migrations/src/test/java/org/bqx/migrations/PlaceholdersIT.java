package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Map;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is chosen when the schema is made stays, and nothing that is given is passed over. */
class PlaceholdersIT {
  private static final String PREFIX = "flyway.placeholders.";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @Test
  void whatWasChosenOnceStaysAndAnotherValueIsRefused() throws SQLException {
    Map<String, String> chosen =
        Map.of(PREFIX + "baseline_date", "2021-02-01", PREFIX + "reg_windows", "7,60");
    Migrated.flyway(database, chosen).migrate();
    // A later migration says nothing of it, or says the same.
    assertThat(Migrated.flyway(database, Map.of()).migrate().migrationsExecuted).isZero();
    Migrated.flyway(database, chosen).migrate();
    try (SqlSession session = new SqlSession(database.connect())) {
      assertThat(session.text("SELECT bqx.default_baseline_date()::text")).isEqualTo("2021-02-01");
      assertThat(session.text("SELECT windows::text FROM bqx.feature WHERE family = 'reg'"))
          .isEqualTo("{7,60}");
    }

    assertRefused("baseline_date", "2024-07-01", "comes too late", "made with 2021-02-01");
    assertRefused("baseline_date", "2022-01-01", "SELECT bqx.set_baseline('PAIR', '2022-01-01')");
    assertRefused("reg_windows", "60,90,150,240,390,630", "comes too late", "made with 7,60");
    assertRefused(
        "bqx_windows", "2,5", "SELECT bqx.define_family('bqx', windows => '{2,5}') changes them");
  }

  @Test
  void whatIsNoPlaceholderOrNoValueIsRefused() {
    assertRefused("basline_date", "2024-07-01", "there is no placeholder basline_date");
    assertRefused("mom_windows", "14", "there is no placeholder mom_windows");
    assertRefused("baseline_date", "01.07.2024", "must be a date such as 2024-07-01");
    assertRefused("baseline_date", "2024-13-01", "must be a date such as 2024-07-01");
  }

  private static void assertRefused(String name, String value, String... messages) {
    var refused =
        assertThatThrownBy(() -> Migrated.flyway(database, Map.of(PREFIX + name, value)).migrate());
    for (String message : messages) {
      refused.hasMessageContaining(message);
    }
  }
}
