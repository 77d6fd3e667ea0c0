package org.bqx.migrations;

import java.sql.SQLException;
import java.util.Map;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Partitions, computed through a front by Java on its node. */
@Tag("slow")
class FrontBackfillIT extends RangeContract {
  @RegisterExtension static final TestDatabase NODE = TestDatabase.inOwnCluster(Map.of());
  @RegisterExtension static final TestDatabase FRONT = TestDatabase.inOwnCluster(Map.of());

  FrontBackfillIT() {
    super(FRONT, NODE);
  }

  @BeforeAll
  static void migrate() throws SQLException {
    Migrated.migrateFront(FRONT, NODE);
  }
}
