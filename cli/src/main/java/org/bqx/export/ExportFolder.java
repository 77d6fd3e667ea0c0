package org.bqx.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.GivenFile;
import org.bqx.matrix.Manifest;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of an export, held by one process. {@code manifest.json} is there while all that it
 * names is; while files are written it has another name.
 */
final class ExportFolder implements Closeable {
  static final String MANIFEST = "manifest.json";
  static final String UNFINISHED = "manifest.unfinished.json";

  private static final String LOCK = ".bqx-export.lock";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path folder;
  private final FileChannel lockFile;

  private ExportFolder(Path folder, FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder, and holds it.
   *
   * @throws Failure with {@link ExitCode#USAGE} when it cannot be made, or be written into, with
   *     {@link ExitCode#HELD} when another export holds it
   */
  static ExportFolder hold(Path folder) throws IOException {
    FileChannel channel;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException refused) {
      throw GivenFile.unusable(folder, refused, "--out");
    }
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException heldHere) {
      // By another thread of this process: null says the same.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new Failure(
          ExitCode.HELD,
          "another export writes into %s".formatted(folder),
          "wait for it, or name another folder with --out");
    }
    return new ExportFolder(folder, channel);
  }

  Path path(String file) {
    return folder.resolve(file);
  }

  /**
   * Checks that readers of the folder will find what the manifest says, and no other file; removes
   * what a killed export had not finished.
   *
   * @param planned the names that there may be
   */
  void check(Set<String> planned) throws IOException {
    for (String file : files()) {
      String name = path(file).getFileName().toString();
      if (name.startsWith(".") && name.endsWith(PartFile.SUFFIX)) {
        Files.delete(path(file));
      } else if (!name.startsWith(".") && isData(name) && !planned.contains(file)) {
        throw new Failure(
            ExitCode.FAILED,
            "%s has %s, which is not of this export".formatted(folder, file),
            "name another folder with --out, or remove that file");
      }
    }
  }

  private static boolean isData(String name) {
    return Stream.of(ExportFormat.values()).anyMatch(format -> name.endsWith(format.suffix()));
  }

  /** Returns what is in the folder and in those of the splits. */
  private List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    List<Path> folders = new ArrayList<>(List.of(folder));
    ExportManifest.SPLITS.forEach(split -> folders.add(path(split)));
    for (Path of : folders) {
      if (Files.isDirectory(of)) {
        try (Stream<Path> all = Files.list(of)) {
          all.filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString())
              .sorted()
              .forEach(files::add);
        }
      }
    }
    return files;
  }

  /** Returns the manifest, null where there is none. */
  ExportManifest read() throws IOException {
    for (String name : List.of(UNFINISHED, MANIFEST)) {
      Path file = path(name);
      if (Files.exists(file)) {
        try {
          return JSON.readValue(Files.readAllBytes(file), ExportManifest.class);
        } catch (JacksonException malformed) {
          throw new Failure(
              ExitCode.FAILED,
              "%s is no manifest of an export: %s".formatted(file, malformed.getOriginalMessage()),
              "name another folder with --out, or remove that file",
              malformed);
        }
      }
    }
    return null;
  }

  /** Returns whether the last export came to its end. */
  boolean isFinished() {
    return Files.exists(path(MANIFEST)) && !Files.exists(path(UNFINISHED));
  }

  /** Says that files are about to change. */
  void begin() throws IOException {
    if (isFinished()) {
      Files.move(path(MANIFEST), path(UNFINISHED), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Notes what is there by now, so that the next export can go on from it. */
  void save(Manifest columns, ExportManifest files) throws IOException {
    write(UNFINISHED, columns, files);
  }

  /** Says that all that the manifest names is there. */
  void finish(Manifest columns, ExportManifest files) throws IOException {
    write(MANIFEST, columns, files);
    Files.deleteIfExists(path(UNFINISHED));
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private void write(String name, Manifest columns, ExportManifest files) throws IOException {
    // As matrix show --manifest prints it, for matrix check --against reads both.
    ObjectNode object = (ObjectNode) JSON.readTree(columns.toJson());
    object.setAll(JSON.<ObjectNode>valueToTree(files));
    try (PartFile file = new PartFile(path(name))) {
      file.write((JSON.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8));
      file.commit();
    }
  }
}
