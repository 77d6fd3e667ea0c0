package org.bqx.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FunctionsVersionTest {

  @Test
  void versionNamesTheReleaseAndTheSources() throws SQLException {
    assertThat(FunctionsVersion.version()).matches("\\d+\\.\\d+\\.\\d+\\+[0-9a-f]{12}");
  }
}
