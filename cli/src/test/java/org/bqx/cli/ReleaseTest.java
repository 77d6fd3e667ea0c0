package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The version is in pom.xml; what else names it follows. */
class ReleaseTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void theNewestChangesAreThoseOfTheVersion() throws IOException {
    assertThat(first("(?m)^## (\\d+\\.\\d+\\.\\d+)", "CHANGELOG.md")).isEqualTo(version());
  }

  @Test
  void thePackagesOfTheDocsAreOfTheVersion() throws IOException {
    String docs = Files.readString(ROOT.resolve("docs/install.md"));
    assertThat(Pattern.compile("_(\\d+\\.\\d+\\.\\d+)_\\w+\\.deb").matcher(docs).results())
        .hasSize(2)
        .extracting(result -> result.group(1))
        .containsOnly(version());
  }

  private static String version() throws IOException {
    return first("<revision>(.+)</revision>", "pom.xml");
  }

  private static String first(String pattern, String file) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(ROOT.resolve(file)))
        .results()
        .map(result -> result.group(1))
        .findFirst()
        .orElseThrow();
  }
}
