package org.bqx.migrations;

import org.bqx.testkit.AppendContract;
import org.bqx.testkit.Computing;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Appended bars, computed by Java in the server. */
class AppendIT extends AppendContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  AppendIT() {
    super(DATABASE, Computing.byServer());
  }

  @BeforeAll
  static void migrate() {
    Migrated.migrate(DATABASE);
  }
}
