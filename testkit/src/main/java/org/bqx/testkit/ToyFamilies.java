package org.bqx.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/**
 * Families that a test adds as a contributor would: a kernel class and a reference class each, a
 * line in each of two registries, rows of the catalogue. {@code toy} has two inputs, three needs
 * and a column that can be undefined, {@code ahead} looks ahead, {@code kin} reads related pairs.
 */
public final class ToyFamilies {
  private static final List<String> KERNEL =
      List.of("ToyFamily.java", "ToyColumns.java", "AheadFamily.java", "KinFamily.java");
  private static final List<String> REFERENCE =
      List.of("ToyReference.java", "AheadReference.java", "KinReference.java");
  private static final Path SOURCES = Path.of("../pljava-functions/src/main/java/org/bqx");

  private ToyFamilies() {}

  /**
   * Installs the families in a migrated database.
   *
   * @param connection as superuser
   * @param jar the jar of functions that is installed there
   * @param folder empty, for what is compiled
   */
  public static void install(Connection connection, byte[] jar, Path folder)
      throws IOException, SQLException {
    try (PreparedStatement replace =
        connection.prepareStatement("SELECT sqlj.replace_jar(?, 'bqx_functions', true)")) {
      replace.setBytes(1, with(jar, folder));
      replace.execute();
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "GRANT EXECUTE ON FUNCTION bqx.feature_rows, bqx.feature_reference, bqx.rows_hold,"
              + " bqx.check_rows, bqx.as_of, bqx.merge_times, bqx.inputs_digest, bqx.functions_version TO bqx_owner, bqx_runner");
      statement.execute(resource("catalogue.sql"));
    }
  }

  private static byte[] with(byte[] jar, Path folder) throws IOException {
    Path original = Files.write(folder.resolve("original.jar"), jar);
    Path sources = Files.createDirectory(folder.resolve("sources"));
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of("--release", "17", "-cp", original.toString(), "-d", classes.toString()));
    for (String name : Stream.concat(KERNEL.stream(), REFERENCE.stream()).toList()) {
      arguments.add(Files.writeString(sources.resolve(name), resource(name)).toString());
    }
    arguments.add(
        registry(
            sources,
            "kernel/Families.java",
            "case \"reg\" ->",
            "case \"toy\" -> new ToyFamily();\n"
                + "case \"ahead\" -> new AheadFamily();\n"
                + "case \"kin\" -> new KinFamily();\n"
                + "case \"reg\" ->"));
    arguments.add(
        registry(
            sources,
            "reference/References.java",
            "case \"reg\" ->",
            "case \"toy\" -> new ToyReference();\n"
                + "case \"ahead\" -> new AheadReference();\n"
                + "case \"kin\" -> new KinReference();\n"
                + "case \"reg\" ->"));
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    if (ToolProvider.getSystemJavaCompiler()
            .run(null, null, errors, arguments.toArray(String[]::new))
        != 0) {
      throw new AssertionError("the toy families do not compile: " + errors);
    }
    return merged(jar, classes);
  }

  private static String registry(Path sources, String file, String line, String lines)
      throws IOException {
    String source = Files.readString(SOURCES.resolve(file));
    if (!source.contains(line)) {
      throw new AssertionError(file + " has no " + line);
    }
    return Files.writeString(
            sources.resolve(Path.of(file).getFileName()), source.replace(line, lines))
        .toString();
  }

  /** The jar with classes added or put in the place of those it has. */
  private static byte[] merged(byte[] jar, Path classes) throws IOException {
    List<String> compiled;
    try (Stream<Path> files = Files.walk(classes)) {
      compiled =
          files
              .filter(Files::isRegularFile)
              .map(file -> classes.relativize(file).toString())
              .toList();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar));
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!compiled.contains(entry.getName())) {
          write(out, entry.getName(), in.readAllBytes());
        }
      }
      for (String name : compiled) {
        write(out, name, Files.readAllBytes(classes.resolve(name)));
      }
    }
    return bytes.toByteArray();
  }

  private static void write(ZipOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(content);
    out.closeEntry();
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = ToyFamilies.class.getResourceAsStream("toy/" + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
