package org.bqx.faults;

import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As the server's Java has it. */
class JarIT extends JarContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  JarIT() {
    super(DATABASE);
  }
}
