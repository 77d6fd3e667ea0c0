package org.bqx.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plans of a front. */
@Tag("slow")
class FrontPlanIT extends PlanContract {
  @RegisterExtension static final TestDatabase NODE = TestDatabase.inOwnCluster(Map.of());
  @RegisterExtension static final TestDatabase FRONT = TestDatabase.inOwnCluster(Map.of());

  private static final FrontOfOneNode SERVERS = new FrontOfOneNode(FRONT, NODE);

  FrontPlanIT() {
    super(FRONT, NODE, SERVERS.runner());
  }

  @BeforeAll
  static void makeFront() throws SQLException, IOException {
    SERVERS.make();
  }

  @AfterAll
  static void delete() throws IOException {
    SERVERS.delete();
  }
}
