package org.bqx.cluster;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and directories of a cluster, made whole or not at all, for the account that owns them. */
final class ClusterFiles {

  private ClusterFiles() {}

  /** Makes a directory and those above it, unless it is there. */
  static Path makeDirectories(Path path, String permissions) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path.getParent());
        Files.createDirectory(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      }
      return path;
    } catch (FileAlreadyExistsException madeMeanwhile) {
      return path;
    } catch (IOException e) {
      throw new ClusterException("cannot make the directory %s: %s".formatted(path, e), e);
    }
  }

  /** Makes a directory for an account alone; one of that name must already be the account's. */
  static void makeDirectory(Path path, Account account) {
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        if (Account.ownerOf(path).uid() != account.uid()) {
          throw new ClusterException("the directory %s belongs to somebody else".formatted(path));
        }
      } else {
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        account.giveTo(path);
      }
    } catch (IOException e) {
      throw new ClusterException("cannot make the directory %s: %s".formatted(path, e), e);
    }
  }

  /** Writes a file for the owner of its directory, whole or not at all. */
  static void write(Path path, String text, String permissions) {
    try {
      Path unfinished = Files.createTempFile(path.getParent(), "write", "");
      Files.writeString(unfinished, text);
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString(permissions));
      Account.ownerOf(path.getParent()).giveTo(unfinished);
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ClusterException("cannot write %s: %s".formatted(path, e), e);
    }
  }

  static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new ClusterException("cannot read %s: %s".formatted(path, e), e);
    }
  }

  /** Deletes without following links; what another process deletes meanwhile is deleted too. */
  static void deleteTree(Path path) {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e)
                throws IOException {
              Files.deleteIfExists(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new ClusterException("cannot delete %s: %s".formatted(path, e), e);
    }
  }
}
