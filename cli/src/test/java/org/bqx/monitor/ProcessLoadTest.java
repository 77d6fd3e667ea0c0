package org.bqx.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLoadTest {
  @TempDir private Path folder;

  @Test
  void sharedBuffersAreNobodysOwnMemory() throws IOException {
    Path status = folder.resolve("status");
    Files.writeString(
        status,
        """
        Name:\tpostgres
        VmRSS:\t  163840 kB
        RssAnon:\t   20480 kB
        RssFile:\t   12288 kB
        RssShmem:\t  131072 kB
        """);
    assertThat(ProcessLoad.anonymousBytes(status)).isEqualTo(20L << 20);
  }

  @Test
  void whatTheSystemDoesNotSayIsUnknown() throws IOException {
    Path status = folder.resolve("status");
    assertThat(ProcessLoad.anonymousBytes(status)).isNull();
    Files.writeString(status, "VmRSS:\t  163840 kB\n");
    assertThat(ProcessLoad.anonymousBytes(status)).isNull();
  }
}
