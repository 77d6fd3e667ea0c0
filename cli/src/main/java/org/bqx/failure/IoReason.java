package org.bqx.failure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file cannot be read or written, in words: the JDK's messages may be a path alone. */
public final class IoReason {
  private IoReason() {}

  /** Returns what is wrong and with which file. */
  public static String of(IOException refused) {
    if (!(refused instanceof FileSystemException file)) {
      return String.valueOf(refused.getMessage());
    }
    return "%s: %s".formatted(what(file), file.getFile());
  }

  private static String what(FileSystemException refused) {
    if (refused instanceof NoSuchFileException) {
      return "no such file";
    } else if (refused instanceof AccessDeniedException) {
      return "permission denied";
    } else if (refused instanceof FileAlreadyExistsException) {
      return "it exists";
    } else if (refused instanceof NotDirectoryException) {
      return "it is no folder";
    }
    return refused.getReason() == null ? "cannot be read or written" : refused.getReason();
  }
}
