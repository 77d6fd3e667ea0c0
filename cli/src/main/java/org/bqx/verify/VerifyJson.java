package org.bqx.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@code verify --json} printed. */
public final class VerifyJson {
  private VerifyJson() {}

  /**
   * Returns the verification that a file holds.
   *
   * @throws IOException when the file cannot be read
   * @throws Failure with {@link ExitCode#USAGE} when it holds something else
   */
  public static VerifyOutcome read(Path file) throws IOException {
    byte[] text = Files.readAllBytes(file);
    try {
      JsonNode root = JsonMapper.shared().readTree(text);
      if (root.path("schema").asInt(0) == 1 && root.path("verify").isObject()) {
        return JsonMapper.shared().treeToValue(root.get("verify"), VerifyOutcome.class);
      }
    } catch (JacksonException malformed) {
      throw notAVerification(file, malformed);
    }
    throw notAVerification(file, null);
  }

  private static Failure notAVerification(Path file, Exception cause) {
    return new Failure(
        ExitCode.USAGE,
        "%s is not what verify --json prints".formatted(file),
        "./bqx verify --json > " + file,
        cause);
  }
}
