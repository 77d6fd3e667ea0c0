package org.bqx.faults;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.bqx.migrations.Migrations;

/** The jar of the functions, and others that somebody might put in its place. */
final class FunctionsJars {
  /** What every feature is that {@link #older} computes, and no other jar. */
  static final double OLDER_FEATURE = -7;

  /** What the families of {@link #older} are of. */
  static final String OLDER_VERSION = "revision 0";

  private static final String FEATURE_FUNCTIONS =
      """
      package org.bqx.functions;

      import java.util.Arrays;
      import java.util.Iterator;
      import java.util.stream.IntStream;

      public final class FeatureFunctions {
        public static Iterator<double[]> featureRows(
            String family, double[] inputs, Integer bars, int[] windows, Integer skip, Integer tail) {
          return IntStream.range(skip, bars - tail).mapToObj(bar -> {
            double[] row = new double[1 + 9 * (int) Arrays.stream(windows).filter(w -> w <= bar).count()];
            Arrays.fill(row, %s);
            row[0] = inputs[bar];
            return row;
          }).iterator();
        }

        public static double[] asOf(
            double[] times, double[] otherTimes, double[] otherValues, int[] directions, Double maxAge,
            Boolean ages) {
          return null;
        }

        public static double[] mergeTimes(double[] seriesTimes, Double first) {
          return null;
        }

        public static String inputsDigest(
            byte[] head, double[] inputs, Integer bars, Integer firstBars) {
          return null;
        }

        public static String functionsVersion(String family) {
          return "%s";
        }
      }
      """
          .formatted(OLDER_FEATURE, OLDER_VERSION);

  private FunctionsJars() {}

  /** The one that the migrations install. */
  static byte[] current() throws IOException {
    try (InputStream jar = Migrations.class.getResourceAsStream("bqx-functions.jar")) {
      return jar.readAllBytes();
    }
  }

  /** Another version, with other arithmetic. */
  static byte[] older(Path folder) throws IOException {
    byte[] compiled = compile(folder);
    return rewrite(
        (name, content) ->
            name.equals("org/bqx/functions/FeatureFunctions.class") ? compiled : content);
  }

  /** A sound jar whose manifest names no deployment descriptor. */
  static byte[] withoutDescriptor() throws IOException {
    return rewrite(
        (name, content) ->
            name.equals("META-INF/MANIFEST.MF")
                ? "Manifest-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)
                : content);
  }

  /** A sound jar that has none of the functions. */
  static byte[] empty() throws IOException {
    return rewrite((name, content) -> name.startsWith("META-INF") ? content : null);
  }

  /** One with a few bytes changed in the middle, as a bad disk does. */
  static byte[] corrupt() throws IOException {
    byte[] jar = current();
    for (int i = jar.length / 2; i < jar.length / 2 + 2000; i++) {
      jar[i] ^= 0x55;
    }
    return jar;
  }

  /** One that was not written to its end. */
  static byte[] truncated() throws IOException {
    byte[] jar = current();
    return java.util.Arrays.copyOf(jar, jar.length / 2);
  }

  private static byte[] compile(Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve("FeatureFunctions.java"), FEATURE_FUNCTIONS);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "--release", "17", "-d", folder.toString(), source.toString());
    if (result != 0) {
      throw new AssertionError("the older functions do not compile");
    }
    return Files.readAllBytes(folder.resolve("org/bqx/functions/FeatureFunctions.class"));
  }

  /** Copies the current jar; a null content leaves the entry out. */
  private static byte[] rewrite(BiFunction<String, byte[], byte[]> change) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(current()));
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] content = change.apply(entry.getName(), in.readAllBytes());
        if (content != null) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          out.write(content);
          out.closeEntry();
        }
      }
    }
    return bytes.toByteArray();
  }
}
