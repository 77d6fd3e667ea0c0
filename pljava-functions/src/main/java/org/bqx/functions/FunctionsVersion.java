package org.bqx.functions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** The function {@code bqx.functions_version}. */
public final class FunctionsVersion {

  private static final String RESOURCE = "functions-version";

  private FunctionsVersion() {}

  /**
   * The version of the arithmetic that this jar holds: the project's version, a plus sign and the
   * first 12 hexadecimal digits of the SHA-256 over the sources of kernel and functions. The build
   * writes it; rows of equal versions have equal bits.
   *
   * @return the version, for instance {@code 1.0.0+0123456789ab}
   * @throws SQLException XX000 if the jar lacks its version
   */
  public static String version() throws SQLException {
    try (InputStream stream = FunctionsVersion.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new SQLException("the jar lacks its resource " + RESOURCE, "XX000");
      }
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new SQLException("could not read the jar's resource " + RESOURCE, "XX000", e);
    }
  }
}
