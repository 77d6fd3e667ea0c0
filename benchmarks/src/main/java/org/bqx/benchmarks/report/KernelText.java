package org.bqx.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Kernels for people. */
public final class KernelText {
  private KernelText() {}

  /** Returns the lines. */
  public static List<String> lines(List<KernelResult> results) {
    List<String> lines = new ArrayList<>();
    lines.add("nanoseconds a row and window (in brackets: times the kernel)");
    lines.add(
        "%-6s %-24s %7s %18s %18s %12s"
            .formatted("family", "windows", "kernel", "naive loop", "Commons Math", "bytes/row"));
    for (KernelResult result : results) {
      lines.add(
          "%-6s %-24s %7s %18s %18s %12s%s"
              .formatted(
                  result.family(),
                  result.windows(),
                  Numbers.plain(result.rolling()),
                  compared(result.naive(), result),
                  compared(result.commonsMath(), result),
                  Numbers.plain(result.allocatedBytes()),
                  result.isFastEnough() ? "" : "  above 10 ns"));
    }
    return lines;
  }

  private static String compared(double nanoseconds, KernelResult result) {
    return "%s (%s)"
        .formatted(Numbers.plain(nanoseconds), Numbers.plain(nanoseconds / result.rolling()));
  }
}
