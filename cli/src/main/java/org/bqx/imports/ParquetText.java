package org.bqx.imports;

import blue.strategic.parquet.ParquetReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopCodecs;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * The rows of a Parquet file as a table between tabs, with a header: all that is told of a table's
 * columns, times and numbers is told of these. A number is written so that reading it gives the
 * same; a time of UTC with its Z, one without a zone without; a field that is null is empty.
 *
 * <p>Columns that hold other columns or lists are none of a table, and left out. Memory grows with
 * a row group; of files with a large one the columns whose names mean nothing here, and that nobody
 * named, stay in their places and are empty.
 */
final class ParquetText extends InputStream {
  private static final int CHUNK = 1 << 16;

  /** What pandas calls an index without a name. */
  private static final String INDEX = "__index_level_0__";

  /** Never nothing at all: a line that is blank is none, and a row is one whatever it holds. */
  private static final String EMPTY = "\"\"";

  private static final long WHOLE_GROUP = 1 << 26;
  private static final long NANOS = 1_000_000_000L;
  private static final long JULIAN_DAY_OF_1970 = 2_440_588;

  private final ParquetFileReader file;
  private final MessageType schema;

  /** One a field of a line, null where it stays empty. */
  private final List<ColumnDescriptor> columns;

  private final String writer;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream(CHUNK);
  private List<ColumnReader> readers = List.of();
  private long rows;
  private byte[] chunk = {};
  private int at;

  /**
   * @param path of the file
   * @param named columns that a person named, by name or by number from 1
   */
  ParquetText(Path path, Collection<String> named) throws IOException {
    try {
      file =
          ParquetFileReader.open(
              ParquetReader.makeInputFile(path.toFile()),
              ParquetReadOptions.builder().withCodecFactory(new Codecs()).build());
    } catch (RuntimeException broken) {
      throw unreadable(broken);
    }
    MessageType all = file.getFileMetaData().getSchema();
    List<Type> flat =
        all.getFields().stream()
            .filter(field -> field.isPrimitive() && !field.isRepetition(Type.Repetition.REPEATED))
            .toList();
    long largest =
        file.getRowGroups().stream().mapToLong(BlockMetaData::getTotalByteSize).max().orElse(0);
    schema =
        new MessageType(
            all.getName(),
            IntStream.range(0, flat.size())
                .filter(i -> largest <= WHOLE_GROUP || isWanted(flat.get(i), i + 1, named))
                .mapToObj(flat::get)
                .toList());
    columns =
        flat.stream()
            .map(Type::getName)
            .map(
                name -> schema.containsField(name) ? schema.getColumnDescription(path(name)) : null)
            .toList();
    writer = file.getFileMetaData().getCreatedBy();
    file.setRequestedSchema(schema);
    List<String> names = new ArrayList<>();
    flat.forEach(field -> names.add(quoted(isIndex(field) ? "" : field.getName())));
    write(String.join("\t", names));
  }

  private static String[] path(String name) {
    return new String[] {name};
  }

  private static boolean isWanted(Type field, int number, Collection<String> named) {
    return Column.of(field.getName()) != null
        || isIndex(field)
        || named.stream().anyMatch(field.getName()::equalsIgnoreCase)
        || named.contains(Integer.toString(number));
  }

  private static boolean isIndex(Type field) {
    return field.getName().equals(INDEX);
  }

  @Override
  public int read() throws IOException {
    return fill() ? chunk[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, chunk.length - at);
    System.arraycopy(chunk, at, buffer, offset, count);
    at += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Makes the next rows text, unless some are left; returns false at the end. */
  private boolean fill() throws IOException {
    if (at < chunk.length) {
      return true;
    }
    try {
      while (text.size() < CHUNK && hasRow()) {
        writeRow();
      }
    } catch (RuntimeException broken) {
      throw unreadable(broken);
    }
    chunk = text.toByteArray();
    at = 0;
    text.reset();
    return chunk.length > 0;
  }

  private boolean hasRow() throws IOException {
    while (rows == 0) {
      PageReadStore group = file.readNextRowGroup();
      if (group == null) {
        return false;
      }
      rows = group.getRowCount();
      ColumnReadStoreImpl store =
          new ColumnReadStoreImpl(
              group, new DummyRecordConverter(schema).getRootConverter(), schema, writer);
      readers =
          columns.stream()
              .map(column -> column == null ? null : store.getColumnReader(column))
              .toList();
    }
    return true;
  }

  private void writeRow() {
    StringBuilder row = new StringBuilder();
    for (ColumnReader column : readers) {
      row.append(row.isEmpty() ? "" : "\t").append(column == null ? EMPTY : next(column));
    }
    write(row.toString());
    rows--;
  }

  private void write(String line) {
    text.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String next(ColumnReader column) {
    boolean isNull =
        column.getCurrentDefinitionLevel() < column.getDescriptor().getMaxDefinitionLevel();
    String text = isNull ? EMPTY : value(column);
    column.consume();
    return text;
  }

  private static String value(ColumnReader column) {
    PrimitiveType type = column.getDescriptor().getPrimitiveType();
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Boolean.toString(column.getBoolean());
      case FLOAT -> Float.toString(column.getFloat());
      case DOUBLE -> Double.toString(column.getDouble());
      case INT32 -> integer(type, meaning, column.getInteger());
      case INT64 -> integer(type, meaning, column.getLong());
      case INT96 -> oldTime(column.getBinary());
      case BINARY, FIXED_LEN_BYTE_ARRAY ->
          quoted(
              meaning == null
                  ? column.getBinary().toStringUsingUTF8()
                  : type.stringifier().stringify(column.getBinary()));
    };
  }

  private static String integer(PrimitiveType type, LogicalTypeAnnotation meaning, long value) {
    if (meaning instanceof TimestampLogicalTypeAnnotation stamp) {
      long unit = perSecond(stamp.getUnit());
      Instant time =
          Instant.ofEpochSecond(
              Math.floorDiv(value, unit), Math.floorMod(value, unit) * (NANOS / unit));
      return stamp.isAdjustedToUTC()
          ? time.toString()
          : LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString();
    }
    if (meaning instanceof TimeLogicalTypeAnnotation time) {
      return LocalTime.ofNanoOfDay(value * (NANOS / perSecond(time.getUnit()))).toString();
    }
    if (meaning instanceof DateLogicalTypeAnnotation) {
      return LocalDate.ofEpochDay(value).toString();
    }
    if (meaning instanceof DecimalLogicalTypeAnnotation) {
      return type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT32
          ? type.stringifier().stringify((int) value)
          : type.stringifier().stringify(value);
    }
    if (meaning instanceof IntLogicalTypeAnnotation bits && !bits.isSigned()) {
      return bits.getBitWidth() == Long.SIZE
          ? Long.toUnsignedString(value)
          : Long.toString(value & 0xffffffffL);
    }
    return Long.toString(value);
  }

  private static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1000;
      case MICROS -> 1_000_000;
      case NANOS -> NANOS;
    };
  }

  /** What Spark and Impala wrote once: nanoseconds of the day, and the Julian day, of no zone. */
  private static String oldTime(Binary value) {
    ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long day = Integer.toUnsignedLong(bytes.getInt()) - JULIAN_DAY_OF_1970;
    return LocalDate.ofEpochDay(day).atTime(LocalTime.ofNanoOfDay(nanos)).toString();
  }

  /** In quotes it is neither a comment nor a header, and what would end it or a line is gone. */
  private static String quoted(String value) {
    return '"' + value.replaceAll("[\"\\p{Cntrl}]", "?") + '"';
  }

  private static IOException unreadable(RuntimeException broken) {
    return new IOException(
        "it is a Parquet file that cannot be read: " + broken.getMessage(), broken);
  }

  /** The library's codecs, and gzip, for which it wants Hadoop's. */
  private static final class Codecs implements CompressionCodecFactory {
    private final CompressionCodecFactory others = HadoopCodecs.newFactory(0);

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      return others.getCompressor(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      return codec == CompressionCodecName.GZIP ? new Gunzip() : others.getDecompressor(codec);
    }

    @Override
    public void release() {
      others.release();
    }
  }

  private static final class Gunzip implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      return BytesInput.from(unpacked(bytes.toInputStream(), size));
    }

    @Override
    public void decompress(ByteBuffer input, int length, ByteBuffer output, int size)
        throws IOException {
      byte[] packed = new byte[length];
      input.get(packed);
      output.put(unpacked(new ByteArrayInputStream(packed), size));
    }

    @Override
    public void release() {
      // Holds nothing.
    }

    private static byte[] unpacked(InputStream packed, int size) throws IOException {
      try (InputStream plain = new GZIPInputStream(packed)) {
        byte[] bytes = plain.readNBytes(size);
        if (bytes.length < size) {
          throw new IOException("a page of it is cut");
        }
        return bytes;
      }
    }
  }
}
