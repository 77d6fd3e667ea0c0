package org.bqx.benchmarks.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a server has taken of the processors, from {@code /proc/PID/stat} (proc(5)): its main
 * process, the children that it has waited for, and those that are there.
 */
final class ProcessTimes {
  /** Clock ticks are hundredths of a second, whatever the kernel's own are (USER_HZ). */
  private static final double MILLISECONDS_A_TICK = 10;

  /** Fields after the command's name, which may have blanks in it. */
  private static final int PARENT = 1;

  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int CHILDREN_USER = 13;
  private static final int CHILDREN_SYSTEM = 14;

  private ProcessTimes() {}

  static double ofServer(long main) {
    long ticks = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        ticks += ticks(process, main);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ticks * MILLISECONDS_A_TICK;
  }

  private static long ticks(Path process, long main) {
    String[] fields;
    try {
      String stat = Files.readString(process.resolve("stat"));
      fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    } catch (IOException ended) {
      return 0;
    }
    boolean isMain = process.endsWith(Long.toString(main));
    if (!isMain && Long.parseLong(fields[PARENT]) != main) {
      return 0;
    }
    long own = Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
    return isMain
        ? own + Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM])
        : own;
  }
}
