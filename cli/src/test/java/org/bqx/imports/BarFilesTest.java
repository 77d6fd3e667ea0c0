package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarFilesTest {
  private static final byte[] TEXT = "2024-07-05T12:30Z,1,1,1,1".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void knowsGzipByItsContent() throws IOException {
    Path file = folder.resolve("bars.csv");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(TEXT);
    }
    assertOneBar(file.toString(), InputStream.nullInputStream());
  }

  @Test
  void aDashIsStandardInput() throws IOException {
    assertOneBar("-", new ByteArrayInputStream(TEXT));
  }

  @Test
  void anEmptyFileHasNoBars() throws IOException {
    Path file = Files.createFile(folder.resolve("empty.csv"));
    try (BarReader reader = BarFiles.open(file.toString(), InputStream.nullInputStream())) {
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void aMissingFileIsAUsageError() {
    assertThatThrownBy(() -> BarFiles.open("no/such.csv", InputStream.nullInputStream()))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage("cannot read no/such.csv: no such file");
  }

  private static void assertOneBar(String name, InputStream standardInput) throws IOException {
    try (BarReader reader = BarFiles.open(name, standardInput)) {
      assertThat(reader.next().bar().close()).isEqualTo(1);
      assertThat(reader.next()).isNull();
    }
  }
}
