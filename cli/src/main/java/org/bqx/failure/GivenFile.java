package org.bqx.failure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file or folder that the command line names. One that cannot be read or written is wrong usage,
 * in the same words whichever option names it, and before the work.
 */
public final class GivenFile {
  private static final String FOLDER = "it is a folder";

  private GivenFile() {}

  /**
   * Returns what is in a file.
   *
   * @throws Failure when it cannot be read
   */
  public static byte[] read(Path file) {
    if (Files.isDirectory(file)) {
      throw unreadable(file.toString(), FOLDER, null);
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException refused) {
      throw unreadable(file.toString(), IoReason.withoutFile(refused), refused);
    }
  }

  /** Returns that a file cannot be read, for those that are not read by {@link #read}. */
  public static Failure unreadable(String name, String why, Exception cause) {
    return new Failure(ExitCode.USAGE, "cannot read %s: %s".formatted(name, why), null, cause);
  }

  /**
   * Refuses a file that {@link #write} could not write.
   *
   * @param file null for none
   */
  public static void requireWritable(Path file) {
    if (file == null) {
      return;
    }
    if (Files.isDirectory(file)) {
      throw unwritable(file, FOLDER, null);
    } else if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw unwritable(file, "it is no regular file", null);
    }
    try {
      Files.writeString(aside(file), "");
      Files.delete(aside(file));
    } catch (IOException refused) {
      throw unwritable(file, reason(refused), refused);
    }
  }

  private static Failure unwritable(Path file, String why, Exception cause) {
    return new Failure(
        ExitCode.USAGE, "cannot write %s: %s".formatted(file, why), "name another file", cause);
  }

  /**
   * Writes a file. A reader of it sees the old text or the new, never half of it.
   *
   * @throws Failure with {@link ExitCode#FAILED} when that fails
   */
  public static void write(Path file, String text) {
    Path aside = aside(file);
    try {
      Files.writeString(aside, text, StandardCharsets.UTF_8);
      try {
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException impossible) {
        Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(aside);
      }
    } catch (IOException refused) {
      throw new Failure(
          ExitCode.FAILED, "cannot write %s: %s".formatted(file, reason(refused)), null, refused);
    }
  }

  /**
   * Refuses a folder that is not there, or in which no file can be made.
   *
   * @param option what names another
   */
  public static void requireFolder(Path folder, String option) {
    if (!Files.isDirectory(folder)) {
      throw unusable(
          folder, Files.exists(folder) ? "it is no folder" : "no such folder", option, null);
    }
    try {
      Files.delete(Files.createTempFile(folder, "bqx-", ".unfinished"));
    } catch (IOException refused) {
      throw unusable(folder, reason(refused), option, refused);
    }
  }

  /** Returns that a folder cannot be made, or be written into. */
  public static Failure unusable(Path folder, IOException refused, String option) {
    String why =
        refused instanceof FileAlreadyExistsException ? "it is no folder" : reason(refused);
    return unusable(folder, why, option, refused);
  }

  private static Failure unusable(Path folder, String why, String option, Exception cause) {
    return new Failure(
        ExitCode.USAGE,
        "cannot write into %s: %s".formatted(folder, why),
        "name another folder with " + option,
        cause);
  }

  /** What is missing when a file is written is its folder. */
  private static String reason(IOException refused) {
    return refused instanceof NoSuchFileException
        ? "no such folder"
        : IoReason.withoutFile(refused);
  }

  /** Where a file is written before it is moved to its name. */
  private static Path aside(Path file) {
    return file.resolveSibling(file.getFileName() + ".writing");
  }
}
