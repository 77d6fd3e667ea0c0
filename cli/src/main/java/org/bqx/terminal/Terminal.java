package org.bqx.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What can be known of the terminal that the process reads from and writes to. */
public final class Terminal {
  private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /** Returns whether standard error is a terminal that can redraw a line. */
  public static boolean isStandardError(Map<String, String> environment) {
    return isTerminal(STANDARD_ERROR, environment);
  }

  /** Returns whether standard output is a terminal that can redraw itself. */
  public static boolean isStandardOutput(Map<String, String> environment) {
    return isTerminal(STANDARD_OUTPUT, environment);
  }

  /** Returns whether somebody may be asked: both standard input and output are a terminal. */
  public static boolean canAsk() {
    return System.console() != null
        && isTerminal(STANDARD_INPUT, Map.of())
        && isTerminal(STANDARD_OUTPUT, Map.of());
  }

  private static boolean isTerminal(Path descriptor, Map<String, String> environment) {
    if ("dumb".equals(environment.get("TERM"))) {
      return false;
    }
    if (!Files.isSymbolicLink(descriptor)) {
      return System.console() != null;
    }
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Returns whether to colour unasked: a terminal, and neither NO_COLOR nor TERM=dumb. */
  public static boolean hasColors(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty() && isStandardError(environment);
  }
}
