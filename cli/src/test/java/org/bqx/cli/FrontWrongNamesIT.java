package org.bqx.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names that a front does not know, those of nodes among them. */
@Tag("slow")
class FrontWrongNamesIT extends WrongNamesContract {
  @RegisterExtension static final TestDatabase NODE = TestDatabase.inOwnCluster(Map.of());
  @RegisterExtension static final TestDatabase FRONT = TestDatabase.inOwnCluster(Map.of());

  private static final FrontOfOneNode SERVERS = new FrontOfOneNode(FRONT, NODE);

  FrontWrongNamesIT() {
    super(FRONT, SERVERS.runner());
  }

  @BeforeAll
  static void makeFront() throws SQLException, IOException {
    SERVERS.make();
  }

  @AfterAll
  static void delete() throws IOException {
    SERVERS.delete();
  }

  @Override
  Stream<String> commands() {
    return Stream.concat(
        super.commands(),
        Stream.of(
            "node place nope eurusd | nope",
            "node place only eurxxx | eurxxx",
            "node move eurusd nope | nope",
            "node move eurxxx only | eurxxx",
            "node change nope --node-port=1 | nope",
            "node drop nope | nope",
            "node add No! --node-host=127.0.0.1 | No!"));
  }
}
