package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file or folder that cannot be used is wrong usage, in the same words whichever option names it,
 * and before any server is asked: there is none here.
 */
class GivenFilesTest {
  private static final int USAGE = 2;
  private static final int NO_CONNECTION = 4;

  @TempDir private Path folder;
  private Path file;
  private Path closed;

  @BeforeEach
  void makeFiles() throws IOException {
    file = Files.writeString(folder.resolve("file"), "kept");
    closed = Files.createDirectory(folder.resolve("closed"));
    Files.writeString(closed.resolve("file"), "hidden").toFile().setReadable(false, false);
    closed.toFile().setWritable(false, false);
  }

  @AfterEach
  void open() {
    closed.toFile().setWritable(true, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "report --markdown --verification",
        "serve --verification",
        "matrix define some --file",
        "matrix check some --against"
      })
  void whatCannotBeReadIsNamed(String line) {
    Map<Path, String> reasons = new LinkedHashMap<>();
    reasons.put(folder.resolve("none"), "no such file");
    reasons.put(folder, "it is a folder");
    reasons.put(file.resolve("below"), "a folder on its way is a file");
    if (!Files.isReadable(closed.resolve("file"))) {
      // Root reads everything.
      reasons.put(closed.resolve("file"), "permission denied");
    }
    reasons.forEach((path, why) -> refused(line, path, "cannot read %s: %s".formatted(path, why)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "report --html",
        "report --markdown",
        "verify --junit",
        "matrix check some --junit"
      })
  void whatCannotBeWrittenIsNamedBeforeTheWork(String line) throws IOException {
    Map<Path, String> reasons = new LinkedHashMap<>();
    reasons.put(folder.resolve("none/file"), "no such folder");
    reasons.put(folder, "it is a folder");
    reasons.put(file.resolve("below"), "a folder on its way is a file");
    reasons.put(Path.of("/dev/null"), "it is no regular file");
    if (!Files.isWritable(closed)) {
      reasons.put(closed.resolve("new"), "permission denied");
    }
    reasons.forEach(
        (path, why) ->
            refused(
                line, path, "cannot write %s: %s%nnext: name another file".formatted(path, why)));
    assertThat(run(line, file)).as("the file itself").startsWith(NO_CONNECTION + " ");
    assertThat(file).hasContent("kept");
  }

  @ParameterizedTest
  @ValueSource(strings = "import bars.csv --rejects")
  void aFolderThatCannotBeUsedIsNamed(String line) {
    Map<Path, String> reasons = new LinkedHashMap<>();
    reasons.put(folder.resolve("none"), "no such folder");
    reasons.put(file, "it is no folder");
    if (!Files.isWritable(closed)) {
      reasons.put(closed, "permission denied");
    }
    reasons.forEach(
        (path, why) -> refused(line, path, "cannot write into %s: %s".formatted(path, why)));
  }

  private static void refused(String line, Path path, String message) {
    assertThat(run(line, path))
        .as("%s %s", line, path)
        .startsWith(USAGE + " bqx: " + message + System.lineSeparator());
  }

  /** Returns the exit code, and what was said. */
  private static String run(String line, Path path) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream all = new PrintStream(said, true, StandardCharsets.UTF_8);
    int code =
        Main.run(
            (line + " " + path).split(" "),
            Map.of("PGHOST", "127.0.0.1", "PGPORT", "1", "NO_COLOR", "1"),
            InputStream.nullInputStream(),
            all,
            all);
    return code + " " + said.toString(StandardCharsets.UTF_8);
  }
}
