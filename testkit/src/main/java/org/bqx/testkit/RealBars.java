package org.bqx.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Files of real bars, kept outside the project in the folder that {@value #VARIABLE} names. */
public final class RealBars {

  /** The environment variable. */
  public static final String VARIABLE = "BQX_REAL_BARS";

  private RealBars() {}

  /** Skips a test or class, loudly, where there are no real bars. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @ExtendWith(Condition.class)
  public @interface Required {}

  /**
   * Returns the folder.
   *
   * @throws IllegalStateException when the variable is not set or names no folder
   */
  public static Path directory() {
    String reason = missing();
    if (reason != null) {
      throw new IllegalStateException(reason);
    }
    return Path.of(System.getenv(VARIABLE));
  }

  private static String missing() {
    String folder = System.getenv(VARIABLE);
    if (folder == null || folder.isEmpty()) {
      return VARIABLE + " is not set: it names the folder of real bars";
    }
    return Files.isDirectory(Path.of(folder))
        ? null
        : "%s is \"%s\", which is no folder".formatted(VARIABLE, folder);
  }

  /** The condition behind {@link Required}. */
  static final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String reason = missing();
      if (reason == null) {
        return ConditionEvaluationResult.enabled("real bars in " + System.getenv(VARIABLE));
      }
      System.err.printf("SKIPPED %s: %s%n", context.getUniqueId(), reason);
      return ConditionEvaluationResult.disabled(reason);
    }
  }
}
