package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that DuckDB writes, as pandas and Polars lay them out: every row is a bar or a defect. */
class ParquetTest {
  private static final ReadSettings ANY = ReadSettings.of(null, "eurusd");
  private static final long START = Instant.parse("2024-07-01T08:00:00Z").getEpochSecond();

  /** A row's prices have more digits than a float has. */
  private static final String ROWS =
      """
      SELECT i, TIMESTAMP '2024-07-01 08:00:00' + i * INTERVAL 1 MINUTE AS t, 1.1 + i / 1e7 AS o,
          1.2 + i / 1e7 AS h, 1.0 + i / 1e7 AS l, 1.15 + i / 1e7 AS c, (i * 3)::BIGINT AS v
      FROM range(%d) r (i)
      """;

  @TempDir private Path folder;
  private Connection duckdb;

  @BeforeEach
  void connect() throws SQLException {
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void disconnect() throws SQLException {
    duckdb.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"uncompressed", "snappy", "gzip", "zstd", "lz4_raw"})
  void everyRowOfEveryGroupIsABar(String codec) throws Exception {
    byte[] file =
        written(
            "SELECT t AS datetime, o AS open, h AS high, l AS low, c AS close, v AS volume FROM (%s)"
                .formatted(ROWS.formatted(10_000)),
            "CODEC '%s', ROW_GROUP_SIZE 2048".formatted(codec));
    List<BarLine> lines = Sources.lines("EURUSD.parquet", file, ANY);
    assertThat(lines).hasSize(10_000);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).bar())
          .isEqualTo(
              new Bar(
                  START + 60L * i,
                  1.1 + i / 1e7,
                  1.2 + i / 1e7,
                  1.0 + i / 1e7,
                  1.15 + i / 1e7,
                  3 * i));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "t",
        "t::TIMESTAMP_MS",
        "t::TIMESTAMP_NS",
        "t AT TIME ZONE 'UTC'",
        "strftime(t, '%Y-%m-%d %H:%M')",
        "strftime(t, '%Y.%m.%d %H:%M:%S')",
        "epoch_ms(t)",
        "epoch_ns(t)",
        "epoch(t)::UBIGINT"
      })
  void aTimeIsReadInEveryTypeThatItHas(String time) throws Exception {
    byte[] file =
        written(
            "SELECT %s AS ts, o, h, l, c FROM (%s)".formatted(time, ROWS.formatted(100)),
            "CODEC snappy");
    assertThat(times(Sources.lines("EURUSD.parquet", file, ANY))).isEqualTo(minutes(100));
  }

  /** What Spark and Impala wrote before there was a type for it. */
  @Test
  void aTimeOfNinetySixBits() throws Exception {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message bars { required int96 time; required double open; required double high;"
                + " required double low; required double close; }");
    Path file = folder.resolve("old.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema).build()) {
      for (int i = 0; i < 100; i++) {
        ByteBuffer time = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        time.putLong((480L + i) * 60_000_000_000L);
        time.putInt((int) (LocalDate.of(2024, 7, 1).toEpochDay() + 2_440_588)).flip();
        Group row = new SimpleGroup(schema);
        row.add("time", Binary.fromConstantByteBuffer(time));
        row.append("open", 1.1).append("high", 1.2).append("low", 1.0).append("close", 1.15);
        writer.write(row);
      }
    }
    assertThat(times(Sources.lines("EURUSD.parquet", Files.readAllBytes(file), ANY)))
        .isEqualTo(minutes(100));
  }

  @Test
  void zonesAreToldAsOfAnyTable() throws Exception {
    assertThat(understood("t", ANY)).endsWith("zone utc (assumed)").doesNotContain("delimiter");
    assertThat(understood("t AT TIME ZONE 'UTC'", ANY)).endsWith("zone in the line");
    byte[] file =
        written(
            "SELECT t AS time, o, h, l, c FROM (%s)".formatted(ROWS.formatted(1)), "CODEC snappy");
    assertThat(
            times(
                Sources.lines("x.parquet", file, ReadSettings.of(Zone.parse("+02:00"), "eurusd"))))
        .containsExactly(START - 7200);
  }

  /** 32 bits, decimals, an index without a name as pandas writes it, and columns of no table. */
  @Test
  void numbersOfOtherTypesAndColumnsOfNoTable() throws Exception {
    byte[] file =
        written(
            """
            SELECT [1, 2] AS list, {'a': 1} AS struct, 1.25::FLOAT AS "Open", 1.5::DECIMAL(12, 6) AS "High",
                1::UTINYINT AS "Low", 1.1::FLOAT AS "Close", 7::UINTEGER AS "Volume", t AS __index_level_0__
            FROM (%s)
            """
                .formatted(ROWS.formatted(1)),
            "CODEC snappy");
    assertThat(Sources.lines("EURUSD.parquet", file, ANY))
        .containsExactly(BarLine.of(2, new Bar(START, 1.25, 1.5, 1, 1.1, 7)));
  }

  /** Neither nulls nor text that would be a comment, a header or two lines hides a row. */
  @Test
  void noRowIsLeftOutInSilence() throws Exception {
    byte[] file =
        written(
            """
            SELECT CASE WHEN i %% 7 = 3 THEN NULL WHEN i %% 7 = 4 THEN '# note' WHEN i %% 7 = 5 THEN E'a"\\nb\\tc'
                    WHEN i %% 7 = 6 THEN 'symbol' ELSE 'EURUSD' END AS symbol,
                CASE WHEN i %% 7 IN (2, 3) THEN NULL ELSE t END AS time,
                CASE WHEN i %% 7 = 3 THEN NULL ELSE o END AS open, CASE WHEN i %% 7 = 3 THEN NULL ELSE h END AS high,
                CASE WHEN i %% 7 = 3 THEN NULL ELSE l END AS low, CASE WHEN i %% 7 = 3 THEN NULL ELSE c END AS close
            FROM (%s)
            """
                .formatted(ROWS.formatted(700)),
            "CODEC snappy");
    List<BarLine> lines = Sources.lines("x.parquet", file, ANY);
    assertThat(lines.stream().map(BarLine::line))
        .containsExactlyElementsOf(IntStream.range(2, 702).mapToObj(Long::valueOf).toList());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).bar() != null).as("row %d", i).isEqualTo(i % 7 < 2);
    }
  }

  @Test
  void anUnknownLayoutAsksForItsColumns() throws Exception {
    byte[] file =
        written(
            "SELECT t AS a, o AS b, h AS d, l AS e, c AS f FROM (%s)".formatted(ROWS.formatted(10)),
            "CODEC snappy");
    assertThatThrownBy(() -> Sources.lines("EURUSD.parquet", file, ANY))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("no column is its time; its columns are a, b, d, e, f");
    ReadSettings named =
        named(
            Map.of(
                Column.TIME, "a",
                Column.OPEN, "b",
                Column.HIGH, "d",
                Column.LOW, "e",
                Column.CLOSE, "5"));
    assertThat(times(Sources.lines("EURUSD.parquet", file, named))).isEqualTo(minutes(10));
  }

  /** The text makes the row group 77 MB, of which nothing else but the columns below is read. */
  @Test
  void columnsOfALargeFileKeepTheirNumbersAndNames() throws Exception {
    byte[] file =
        written(
            """
            SELECT repeat(md5(i::VARCHAR), 400) AS text, t AS stamp, c AS close, o AS "first price", h AS high, l AS low,
                c + 0.001 AS settled
            FROM (%s)
            """
                .formatted(ROWS.formatted(6000)),
            "CODEC zstd");
    ReadSettings named =
        named(Map.of(Column.TIME, "2", Column.OPEN, "First Price", Column.CLOSE, "7"));
    List<BarLine> lines = Sources.lines("EURUSD.parquet", file, named);
    assertThat(times(lines)).isEqualTo(minutes(6000));
    assertThat(lines.get(10).bar())
        .isEqualTo(
            new Bar(
                START + 600,
                1.1 + 10 / 1e7,
                1.2 + 10 / 1e7,
                1.0 + 10 / 1e7,
                1.15 + 10 / 1e7 + 0.001,
                Double.NaN));
    assertThatThrownBy(() -> Sources.lines("EURUSD.parquet", file, ANY))
        .hasMessageContaining(
            "no column is its time; its columns are text, stamp, close, first price, high, low, settled");
  }

  private static ReadSettings named(Map<Column, String> columns) {
    return new ReadSettings(null, "eurusd", columns, null, null, null, null);
  }

  @Test
  void aDamagedFileIsAnError() throws Exception {
    byte[] file =
        written(
            "SELECT t AS time, o, h, l, c FROM (%s)".formatted(ROWS.formatted(5000)), "CODEC gzip");
    for (int length : new int[] {4, 11, file.length / 2, file.length - 1}) {
      byte[] cut = java.util.Arrays.copyOf(file, length);
      assertThatThrownBy(() -> Sources.lines("EURUSD.parquet", cut, ANY))
          .as("%d bytes", length)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("it is a Parquet file that cannot be read");
    }
    file[file.length / 3] ^= 0x55;
    file[file.length / 3 + 1] ^= 0x55;
    assertThatThrownBy(() -> Sources.lines("EURUSD.parquet", file, ANY))
        .isInstanceOf(IOException.class);
  }

  private String understood(String time, ReadSettings settings) throws Exception {
    byte[] file =
        written(
            "SELECT %s AS time, o, h, l, c FROM (%s)".formatted(time, ROWS.formatted(5)),
            "CODEC zstd");
    List<String> understood = new ArrayList<>();
    Sources.each(
        "EURUSD.parquet",
        file,
        source -> {
          assertThat(BarFormat.detect(source)).isEqualTo(BarFormat.PARQUET);
          Opened opened = BarFormat.PARQUET.open(source, settings, List.of("eurusd"));
          understood.add(opened.understood());
          opened.reader().close();
        });
    return understood.get(0);
  }

  private byte[] written(String query, String options) throws SQLException, IOException {
    Path file = folder.resolve("bars.parquet");
    try (Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet, %s)".formatted(query, file, options));
    }
    return Files.readAllBytes(file);
  }

  private static List<Long> minutes(int count) {
    return IntStream.range(0, count).mapToObj(i -> START + 60L * i).toList();
  }

  private static List<Long> times(List<BarLine> lines) {
    assertThat(lines).allSatisfy(line -> assertThat(line.defect()).isNull());
    return lines.stream().map(line -> line.bar().epochSecond()).toList();
  }
}
