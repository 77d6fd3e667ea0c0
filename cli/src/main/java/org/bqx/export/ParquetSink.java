package org.bqx.export;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileWriter.Mode;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Rows as Parquet. All columns are compressed: doubles gain little by it and cost as little, and
 * those of few values, a constant or a class, all but vanish. A dictionary of doubles takes ten
 * times as long as they do, and more memory.
 *
 * <p>A row group is held in memory until it is written. So it has an end, and a month of many
 * columns has several.
 */
final class ParquetSink implements RowSink {
  /** A month of some 250 columns. */
  private static final long ROW_GROUP_BYTES = 64L << 20;

  private final BinaryRow row;
  private final ParquetWriter<BinaryRow> writer;

  /**
   * @param metadata keys and values for the file's footer
   * @param row the row that is parsed already when {@link #write} is called
   */
  ParquetSink(
      PartFile file, List<ExportColumn> columns, Map<String, String> metadata, BinaryRow row)
      throws IOException {
    this.row = row;
    Builder builder =
        new Builder(new Output(file), columns, metadata)
            .withWriteMode(Mode.OVERWRITE)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withSizeStatisticsEnabled(false)
            .withDictionaryEncoding(false);
    for (ExportColumn column : columns) {
      builder.withDictionaryEncoding(column.name(), column.type() == ColumnType.TEXT);
    }
    writer = builder.build();
  }

  @Override
  public void write(byte[] message) throws IOException {
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<BinaryRow, Builder> {
    private final List<ExportColumn> columns;
    private final Map<String, String> metadata;

    Builder(OutputFile file, List<ExportColumn> columns, Map<String, String> metadata) {
      super(file);
      this.columns = columns;
      this.metadata = metadata;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // It is abstract.
    protected WriteSupport<BinaryRow> getWriteSupport(Configuration none) {
      return new Rows(columns, metadata);
    }
  }

  private static final class Rows extends WriteSupport<BinaryRow> {
    private final ExportColumn[] columns;
    private final Map<String, String> metadata;
    private RecordConsumer consumer;

    Rows(List<ExportColumn> columns, Map<String, String> metadata) {
      this.columns = columns.toArray(ExportColumn[]::new);
      this.metadata = metadata;
    }

    @Override
    @SuppressWarnings("deprecation") // It is abstract, too.
    public WriteContext init(Configuration none) {
      List<Type> fields =
          List.of(columns).stream()
              .<Type>map(column -> column.type().column(column.name()))
              .toList();
      return new WriteContext(new MessageType("row", fields), metadata);
    }

    @Override
    public void prepareForWrite(RecordConsumer to) {
      consumer = to;
    }

    @Override
    public void write(BinaryRow row) {
      consumer.startMessage();
      for (int i = 0; i < columns.length; i++) {
        if (!row.isNull(i)) {
          consumer.startField(columns[i].name(), i);
          switch (columns[i].type()) {
            case DOUBLE -> consumer.addDouble(row.getDouble(i));
            case TIME -> consumer.addLong(row.getMicros(i));
            case TEXT -> consumer.addBinary(Binary.fromConstantByteArray(row.getBytes(i)));
            case SMALLINT -> consumer.addInteger(row.getShort(i));
            case INTEGER -> consumer.addInteger(row.getInt(i));
            case BIGINT -> consumer.addLong(row.getLong(i));
          }
          consumer.endField(columns[i].name(), i);
        }
      }
      consumer.endMessage();
    }
  }

  /** A part file as the library has files. */
  private record Output(PartFile file) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSize) {
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return file.bytes();
        }

        @Override
        public void write(int value) throws IOException {
          file.write(value);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
          file.write(source, offset, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
