package org.bqx.verify;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.GivenFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * A verification as JSON. A partition's facts are texts under the names that {@code bqx.verify}
 * gives them.
 */
public final class VerifyJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().addModule(module()).build();

  private VerifyJson() {}

  /**
   * Returns the verification that a file holds.
   *
   * @throws Failure with {@link ExitCode#USAGE} when it cannot be read or holds something else
   */
  public static VerifyOutcome read(Path file) {
    byte[] text = GivenFile.read(file);
    try {
      JsonNode root = MAPPER.readTree(text);
      if (root.path("schema").asInt(0) == 1 && root.path("verify").isObject()) {
        return MAPPER.treeToValue(root.get("verify"), VerifyOutcome.class);
      }
    } catch (JacksonException malformed) {
      throw notAVerification(file, malformed);
    }
    throw notAVerification(file, null);
  }

  /** Returns how the types of this package are written and read. */
  public static JacksonModule module() {
    return new SimpleModule("verify")
        .addSerializer(
            VerifyFacts.class,
            new ValueSerializer<>() {
              @Override
              public void serialize(
                  VerifyFacts facts, JsonGenerator json, SerializationContext context) {
                json.writePOJO(facts.texts());
              }
            })
        .addDeserializer(
            VerifyFacts.class,
            new ValueDeserializer<>() {
              @Override
              public VerifyFacts deserialize(JsonParser json, DeserializationContext context) {
                Map<String, String> texts = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> fact : context.readTree(json).properties()) {
                  texts.put(
                      fact.getKey(), fact.getValue().isNull() ? null : fact.getValue().asString());
                }
                try {
                  return VerifyFacts.of(texts);
                } catch (NumberFormatException noNumber) {
                  return context.reportInputMismatch(this, "a fact is no number");
                }
              }
            });
  }

  private static Failure notAVerification(Path file, Exception cause) {
    return new Failure(
        ExitCode.USAGE,
        "%s is not what verify --json prints".formatted(file),
        "./bqx verify --json > " + file,
        cause);
  }
}
