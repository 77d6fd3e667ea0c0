package org.bqx.imports;

import java.io.File;
import java.nio.file.Path;
import java.util.List;

/**
 * Names the files of bad rows: beside the file that has them, or in one folder. There, files of one
 * name from several folders keep their folders in the name.
 */
public final class RejectsFiles {
  private final Path folder;
  private final List<String> names;

  /**
   * @param folder where all go, null for beside each file
   * @param files all files that are read
   */
  public RejectsFiles(Path folder, List<String> files) {
    this.folder = folder;
    names = files.stream().map(FileNames::last).toList();
  }

  /**
   * Returns where the bad rows of a source go.
   *
   * @param source its path, with that in an archive behind the archive's, or any other name
   */
  public Path of(String source) {
    int end = endOfFile(source);
    if (end == 0) {
      return in(Path.of(""), plain(source.equals("standard input") ? "stdin" : source));
    }
    Path file = Path.of(source.substring(0, end));
    String last = file.getFileName().toString();
    String inside = plain(source.substring(end).replaceFirst("^/", ""));
    String name = inside.isEmpty() ? last : last + "_" + inside;
    if (folder != null) {
      boolean several = names.stream().filter(last::equals).count() > 1;
      return in(folder, several ? plain(source.replaceFirst("^/", "")) : name);
    }
    return file.resolveSibling(name + Rejects.SUFFIX);
  }

  private Path in(Path place, String name) {
    return (folder == null ? place : folder).resolve(name + Rejects.SUFFIX);
  }

  /** Returns where a file's path ends, 0 for what is no file: a pipe has no folder to write to. */
  private static int endOfFile(String source) {
    for (int end = source.length(); end > 0; end = source.lastIndexOf('/', end - 1)) {
      if (new File(source.substring(0, end)).isFile()) {
        return end;
      }
    }
    return 0;
  }

  private static String plain(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]+", "_");
  }
}
