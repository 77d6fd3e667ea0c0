package org.bqx.imports;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Files of bars that tests have in memory. */
final class Sources {
  private Sources() {}

  /** Shows what is in a file, whatever is packed around it. */
  static List<String> each(String name, byte[] content, BarFiles.Visitor visitor)
      throws IOException {
    return each(name, new ByteArrayInputStream(content), content.length, visitor);
  }

  static List<String> each(String name, InputStream in, long size, BarFiles.Visitor visitor)
      throws IOException {
    return each(name, in, size, List.of(), visitor);
  }

  private static List<String> each(
      String name, InputStream in, long size, Collection<String> columns, BarFiles.Visitor visitor)
      throws IOException {
    List<String> leftOut = new ArrayList<>();
    Unpacker unpacker =
        new Unpacker(
            columns,
            new Unpacker.Visitor() {
              @Override
              public void visit(BarSource source) throws Exception {
                visitor.visit(source);
              }

              @Override
              public void leftOut(String entry) {
                leftOut.add(entry);
              }
            });
    try {
      unpacker.unpack(name, name, null, size, in);
    } catch (IOException | RuntimeException failed) {
      throw failed;
    } catch (Exception other) {
      throw new AssertionError(other);
    }
    return leftOut;
  }

  /** Returns a plain file. */
  static BarSource plain(String name, byte[] content) throws IOException {
    ByteCounter counter = new ByteCounter(new ByteArrayInputStream(content));
    return new BarSource(
        new SourceName(name, List.of(name)),
        new Estimate(counter, content.length),
        new java.io.BufferedInputStream(counter));
  }

  static BarSource plain(String name, String text) throws IOException {
    return plain(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns every line of every file in a file. */
  static List<BarLine> lines(String name, byte[] content, ReadSettings settings)
      throws IOException {
    List<BarLine> lines = new ArrayList<>();
    each(
        name,
        new ByteArrayInputStream(content),
        content.length,
        settings.columns().values(),
        source -> lines.addAll(lines(source, settings)));
    return lines;
  }

  static List<BarLine> lines(BarSource source, ReadSettings settings) throws IOException {
    List<BarLine> lines = new ArrayList<>();
    boolean detected = settings.columns().isEmpty() || source.isParquet();
    BarFormat format = detected ? BarFormat.detect(source) : BarFormat.CSV;
    try (BarReader reader = format.open(source, settings, List.of("eurusd")).reader()) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
    }
    return lines;
  }

  static byte[] packed(String text, Packer packer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = packer.around(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** Compresses what goes to a stream. */
  interface Packer {
    java.io.OutputStream around(java.io.OutputStream out) throws IOException;
  }
}
