package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarFilesTest {
  @TempDir private Path folder;
  private final List<String> messages = new ArrayList<>();
  private final BarFiles files = new BarFiles(List.of(), messages::add, stream -> {});

  @Test
  void aDashIsStandardInput() throws Exception {
    assertThat(files.find(List.of("-"))).containsExactly("-");
    byte[] text = "2024-07-05T12:30Z,1,1,1,1".getBytes(StandardCharsets.UTF_8);
    files.read(
        "-",
        new ByteArrayInputStream(text),
        source -> assertThat(source.head().first()).isEqualTo("2024-07-05T12:30Z,1,1,1,1"));
  }

  @Test
  void aFoldersFilesComeByNameAndWithoutWhatIsNoFileOfBars() throws IOException {
    Files.createDirectories(folder.resolve("2019/01"));
    for (String name :
        List.of("b.csv", "a.CSV.gz", "2019/01/x.bi5", "c.csv.rejects.csv", "r.txt")) {
      Files.createFile(folder.resolve(name));
    }
    assertThat(files.find(List.of(folder.toString())))
        .containsExactly(path("2019/01/x.bi5"), path("a.CSV.gz"), path("b.csv"));
    assertThat(messages).singleElement().asString().contains("left out r.txt");
    assertThat(files.find(List.of(path("*.csv")))).containsExactly(path("b.csv"));
    assertThat(files.find(List.of(path("**.{bi5,gz}"))))
        .containsExactly(path("2019/01/x.bi5"), path("a.CSV.gz"));
  }

  @Test
  void aFileMayHaveTheNameOfAPattern() throws IOException {
    Files.createFile(folder.resolve("a[1].csv"));
    assertThat(files.find(List.of(path("a[1].csv")))).containsExactly(path("a[1].csv"));
  }

  @Test
  void whatIsNotThereIsAUsageError() {
    for (String name : List.of(path("*.csv"), path("no/*.csv"), folder.toString())) {
      assertThatThrownBy(() -> files.find(List.of(name)))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.USAGE));
    }
    assertThatThrownBy(() -> files.read("no/such.csv", InputStream.nullInputStream(), source -> {}))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage("cannot read no/such.csv: no such file");
    assertThatThrownBy(
            () -> files.read("\u001b[2J.csv", InputStream.nullInputStream(), source -> {}))
        .hasMessage("cannot read \\u001b[2J.csv: no such file");
  }

  @Test
  void rejectsReplaceALinkAndLeaveItsTargetAlone() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "precious");
    Path file = Files.createSymbolicLink(folder.resolve("a.csv.rejects.csv"), target);
    try (Rejects rejects = Rejects.to(file)) {
      rejects.add(7, "time is not on the minute", "=1+1,\u001b[2J");
    }
    assertThat(target).hasContent("precious");
    assertThat(file)
        .content()
        .isEqualTo("line,reason,row\n7,time is not on the minute,\"'=1+1,\\u001b[2J\"\n");
    assertThat(Files.isSymbolicLink(file)).isFalse();
  }

  @Test
  void maxRejectsIsACountOrAShare() {
    assertThat(MaxRejects.parse("0.1%").isExceeded(1, 1000)).isFalse();
    assertThat(MaxRejects.parse("0.1 %").isExceeded(2, 1999)).isTrue();
    assertThat(MaxRejects.parse("2").isExceeded(2, 2)).isFalse();
    assertThat(MaxRejects.parse("2").isExceeded(3, 1_000_000)).isTrue();
    assertThat(MaxRejects.parse("100%").isExceeded(5, 5)).isFalse();
    for (String wrong : List.of("", "x", "-1", "0.5", "101%", "1e3", "%")) {
      assertThatThrownBy(() -> MaxRejects.parse(wrong)).isInstanceOf(Failure.class);
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
