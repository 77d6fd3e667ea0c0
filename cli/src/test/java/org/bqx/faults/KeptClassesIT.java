package org.bqx.faults;

import java.util.Map;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As PL/Java has it, whatever the server's Java is. */
@Tag("slow")
class KeptClassesIT extends JarContract {
  @RegisterExtension
  static final TestDatabase DATABASE =
      TestDatabase.inOwnCluster(Map.of("sqljrt.keep_classes", "on"));

  KeptClassesIT() {
    super(DATABASE);
  }
}
