package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.bqx.failure.IoReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;

/** What is packed around files is taken off, and what is cut is an error, never a shorter file. */
class UnpackerTest {
  private static final String FIRST = bars(0);
  private static final String SECOND = bars(30);

  private static final Map<String, Sources.Packer> PACKERS =
      Map.of(
          "gz", GZIPOutputStream::new,
          "bz2", BZip2CompressorOutputStream::new,
          "xz", out -> new XZOutputStream(out, new LZMA2Options()),
          "zst", ZstdOutputStream::new,
          "lzma", out -> new LZMAOutputStream(out, new LZMA2Options(), -1));

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "xz", "zst", "lzma"})
  void compressionsAreKnownByTheirContentAndACutOneIsAnError(String kind) throws IOException {
    byte[] packed = Sources.packed(FIRST, PACKERS.get(kind));
    assertThat(contents(packed)).containsExactly(FIRST);
    for (int length = 8; length < packed.length; length += 7) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> contents(cut))
          .as("cut to %d", length)
          .isInstanceOfSatisfying(
              IOException.class,
              refused ->
                  assertThat(IoReason.of(refused))
                      .containsPattern("cut|[Tt]runcated|end of stream"));
    }
  }

  /** The JDK's own reader ends with the first member when the next has not come yet. */
  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "xz", "zst"})
  void everyMemberOfASlowStreamIsRead(String kind) throws IOException {
    byte[] first = Sources.packed(FIRST, PACKERS.get(kind));
    byte[] second = Sources.packed(SECOND, PACKERS.get(kind));
    List<String> contents = new ArrayList<>();
    Sources.each("bars.csv", slow(first, second), 0, source -> contents.add(text(source)));
    assertThat(contents).containsExactly(FIRST + SECOND);
    byte[] cut = Arrays.copyOf(second, second.length / 2);
    assertThatThrownBy(() -> Sources.each("b.csv", slow(first, cut), 0, UnpackerTest::text))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "tar", "tgz", "7z"})
  void anArchiveIsSeveralFilesAndACutOneIsAnError(String kind) throws IOException {
    byte[] archive = archive(kind, "EURUSD.csv", FIRST, "x/GBPUSD.csv", SECOND);
    List<String> names = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    Sources.each(
        "a." + kind,
        archive,
        source -> {
          names.add(source.text());
          contents.add(text(source));
        });
    assertThat(names).containsExactly("a." + kind + "/EURUSD.csv", "a." + kind + "/x/GBPUSD.csv");
    assertThat(contents).containsExactly(FIRST, SECOND);
    for (int length : new int[] {archive.length / 3, archive.length / 2, archive.length - 30}) {
      byte[] cut = Arrays.copyOf(archive, kind.equals("tar") ? Math.min(length, 1700) : length);
      assertThatThrownBy(() -> contents(cut))
          .as("cut to %d", length)
          .isInstanceOfSatisfying(
              IOException.class,
              refused ->
                  assertThat(IoReason.of(refused))
                      .containsPattern("cut|[Tt]runcated|end of stream"));
    }
  }

  @Test
  void aTarThatEndsBetweenTwoFilesIsCut() throws IOException {
    byte[] one = archive("tar", "EURUSD.csv", FIRST);
    int end = 512 + (FIRST.length() + 511) / 512 * 512;
    byte[] cut = Arrays.copyOf(one, end);
    assertThatThrownBy(() -> contents(cut)).hasMessage("the tar has no end: it is cut");
  }

  @Test
  void archivesMayBeInEachOther() throws IOException {
    byte[] inner = archive("zip", "EURUSD.csv", FIRST);
    ByteArrayOutputStream outer = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(outer)) {
      put(tar, "a/EURUSD.zip", inner);
      put(tar, "b/EURUSD.csv.gz", Sources.packed(SECOND, GZIPOutputStream::new));
    }
    assertThat(contents(outer.toByteArray())).containsExactly(FIRST, SECOND);
    byte[] deep = FIRST.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 10; i++) {
      deep = zipped("x.zip", deep);
    }
    byte[] bomb = deep;
    assertThatThrownBy(() -> contents(bomb)).hasMessageContaining("packed more than 6 times");
  }

  @Test
  void documentsAreLeftOutWithAWordAndLitterWithout() throws IOException {
    byte[] archive =
        archive(
            "zip",
            "DAT_ASCII_EURUSD.txt",
            "conditions",
            "README.md",
            "x",
            "status.htm",
            "x",
            ".DS_Store",
            "x",
            "__MACOSX/._EURUSD.csv",
            "x",
            "EURUSD.csv",
            FIRST);
    List<String> contents = new ArrayList<>();
    List<String> leftOut = Sources.each("a.zip", archive, source -> contents.add(text(source)));
    assertThat(contents).containsExactly(FIRST);
    assertThat(leftOut).containsExactly("DAT_ASCII_EURUSD.txt", "README.md", "status.htm");
    assertThat(contents(archive("zip", "EURUSD.Last.txt", FIRST))).containsExactly(FIRST);
    assertThatThrownBy(() -> contents(archive("zip", "README.md", "x")))
        .hasMessage("the archive holds no file of bars");
  }

  @Test
  void asksComeAfterTheBidsThatTheyComplete() throws IOException {
    List<String> names = new ArrayList<>();
    byte[] archive = archive("zip", "eurusd-ask.csv", FIRST, "eurusd-bid.csv", FIRST);
    Sources.each("a.zip", archive, source -> names.add(source.name()));
    assertThat(names).containsExactly("eurusd-bid.csv", "eurusd-ask.csv");
  }

  @ParameterizedTest
  @CsvSource({
    "PARE.., an encrypted Parquet file",
    "ARROW1.., a Feather (Arrow) file",
    "Rar!.., a RAR archive"
  })
  void whatCannotBeReadIsRefusedByItsName(String content, String name) {
    assertThatThrownBy(() -> contents(content.getBytes(StandardCharsets.US_ASCII)))
        .hasMessage("it is " + name + ", which cannot be read; save it as CSV");
    assertThatThrownBy(() -> contents(archive("zip", "[Content_Types].xml", "x", "xl/a.xml", "x")))
        .hasMessage("it is an Excel workbook, which cannot be read; save it as CSV");
  }

  private static String bars(int from) {
    StringBuilder bars = new StringBuilder();
    for (int i = from; i < from + 30; i++) {
      bars.append("2024-07-05T12:%02d:00Z,1.0812,1.0842,1.08,1.0831,%d\n".formatted(i, i * 7919));
    }
    return bars.toString();
  }

  private static List<String> contents(byte[] packed) throws IOException {
    List<String> contents = new ArrayList<>();
    Sources.each("bars", packed, source -> contents.add(text(source)));
    return contents;
  }

  private static String text(BarSource source) throws IOException {
    return new String(source.in().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static byte[] archive(String kind, String... namesAndTexts) throws IOException {
    return switch (kind) {
      case "zip" -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
          for (int i = 0; i < namesAndTexts.length; i += 2) {
            zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
            zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
          }
        }
        yield bytes.toByteArray();
      }
      case "tgz" -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
          gzip.write(archive("tar", namesAndTexts));
        }
        yield bytes.toByteArray();
      }
      case "tar" -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
          for (int i = 0; i < namesAndTexts.length; i += 2) {
            put(tar, namesAndTexts[i], namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
          }
        }
        yield bytes.toByteArray();
      }
      default -> {
        SeekableInMemoryByteChannel bytes = new SeekableInMemoryByteChannel();
        try (SevenZOutputFile archive = new SevenZOutputFile(bytes)) {
          for (int i = 0; i < namesAndTexts.length; i += 2) {
            SevenZArchiveEntry entry = new SevenZArchiveEntry();
            entry.setName(namesAndTexts[i]);
            archive.putArchiveEntry(entry);
            archive.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
            archive.closeArchiveEntry();
          }
        }
        yield Arrays.copyOf(bytes.array(), (int) bytes.size());
      }
    };
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static byte[] zipped(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  /** A pipe that never has more than one part ready, and says so. */
  private static InputStream slow(byte[]... parts) {
    return new InputStream() {
      private int part;
      private ByteArrayInputStream current = new ByteArrayInputStream(parts[0]);

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) {
        int read = current.read(buffer, offset, length);
        if (read < 0 && ++part < parts.length) {
          current = new ByteArrayInputStream(parts[part]);
          return current.read(buffer, offset, length);
        }
        return read;
      }

      @Override
      public int available() {
        return 0;
      }
    };
  }
}
