package org.bqx.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The mutations on a node, verified by its front. */
@Tag("slow")
class FrontVerifyIT extends VerifyContract {
  @RegisterExtension static final TestDatabase NODE = TestDatabase.inOwnCluster(Map.of());
  @RegisterExtension static final TestDatabase FRONT = TestDatabase.inOwnCluster(Map.of());

  private static final FrontOfOneNode SERVERS = new FrontOfOneNode(FRONT, NODE);

  FrontVerifyIT() {
    super(FRONT, NODE, SERVERS.runner(), "eurusd", "2024-08-01 05:07 UTC", "2024-08-01 13:00 UTC");
  }

  @BeforeAll
  static void makeFront() throws SQLException, IOException {
    SERVERS.make();
    try (SqlSession sql = new SqlSession(NODE.connect())) {
      VerifyIT.makeBars(sql, "eurusd", 1.1, "2024-07-31 12:00Z", "2024-08-01 11:59Z");
    }
  }

  @AfterAll
  static void delete() throws IOException {
    SERVERS.delete();
  }
}
