package org.bqx.failure;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file cannot be read or written, in words: the JDK's messages may be a path alone. */
public final class IoReason {
  /** The system's word for a path that goes through a file; the JDK has no exception for it. */
  private static final String ON_THE_WAY = "Not a directory";

  private IoReason() {}

  /** Returns what is wrong and with which file. */
  public static String of(IOException refused) {
    String what = withoutFile(refused);
    return refused instanceof FileSystemException file
        ? "%s: %s".formatted(what, file.getFile())
        : what;
  }

  /** Returns what is wrong, where it is known with which file. */
  public static String withoutFile(IOException thrown) {
    if (!(thrown instanceof FileSystemException refused)) {
      String message = thrown.getMessage();
      if (message == null) {
        // Streams of packed files say no more of one that was cut.
        return thrown instanceof EOFException ? "it is cut off" : "cannot be read or written";
      }
      return thrown instanceof UnknownHostException ? "no such host: " + message : message;
    } else if (refused instanceof NoSuchFileException) {
      return "no such file";
    } else if (refused instanceof AccessDeniedException) {
      return "permission denied";
    } else if (refused instanceof FileAlreadyExistsException) {
      return "it exists";
    } else if (refused instanceof NotDirectoryException) {
      return "it is no folder";
    }
    if (ON_THE_WAY.equals(refused.getReason())) {
      return "a folder on its way is a file";
    }
    return refused.getReason() == null ? "cannot be read or written" : refused.getReason();
  }
}
