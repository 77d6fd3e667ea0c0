package org.bqx.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/** The files that a command line names: files, folders, patterns, and - for standard input. */
public final class BarFiles {
  /** The name of standard input. */
  public static final String STANDARD_INPUT = "-";

  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");
  private static final Pattern IN_FOLDER = Pattern.compile(".*\\.(csv|tsv|gz|zip|bi5)");

  private BarFiles() {}

  /**
   * Returns the files in the order they are named; those of a folder, which it and the folders in
   * it hold, and those of a pattern by name.
   *
   * @throws Failure when there is no such file
   */
  public static List<String> find(List<String> names) throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : names) {
      if (name.equals(STANDARD_INPUT)) {
        files.add(name);
        continue;
      }
      Path path = path(name);
      if (Files.isDirectory(path)) {
        files.addAll(below(path, file -> isBars(file), name));
      } else if (Files.exists(path) || !WILDCARD.matcher(name).find()) {
        files.add(name);
      } else {
        PathMatcher matcher = matcher(name);
        files.addAll(below(literalPart(name), matcher::matches, name));
      }
    }
    return files;
  }

  /**
   * Opens a file.
   *
   * @param name a path, or {@code -} for {@code standardInput}
   * @throws Failure when there is no such file
   */
  public static BarSource open(String name, InputStream standardInput) throws IOException {
    if (name.equals(STANDARD_INPUT)) {
      return new BarSource("standard input", 0, standardInput);
    }
    Path path = path(name);
    if (Files.isDirectory(path)) {
      throw missing(name, "it is a directory", null);
    }
    try {
      InputStream content = Files.newInputStream(path);
      try {
        String absolute = path.toAbsolutePath().normalize().toString();
        return new BarSource(absolute, Files.size(path), content);
      } catch (IOException | RuntimeException unreadable) {
        content.close();
        throw unreadable;
      }
    } catch (NoSuchFileException none) {
      throw missing(name, "no such file", none);
    }
  }

  private static List<String> below(Path folder, Predicate<Path> wanted, String name)
      throws IOException {
    List<String> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(wanted)
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith(Rejects.SUFFIX))
              .map(Path::toString)
              .sorted()
              .toList();
    } catch (NoSuchFileException none) {
      throw missing(name, "no such file", none);
    }
    if (files.isEmpty()) {
      throw missing(name, "no file of bars is there", null);
    }
    return files;
  }

  private static boolean isBars(Path file) {
    return IN_FOLDER.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT)).matches();
  }

  /** Returns the folder from which a pattern's matches can be found. */
  private static Path literalPart(String pattern) {
    var wildcard = WILDCARD.matcher(pattern);
    String literal = wildcard.find() ? pattern.substring(0, wildcard.start()) : pattern;
    return path(literal.substring(0, literal.lastIndexOf('/') + 1));
  }

  private static PathMatcher matcher(String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException wrong) {
      throw missing(pattern, "no such file, and it is no pattern", wrong);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException wrong) {
      throw missing(name, "it is no path", wrong);
    }
  }

  private static Failure missing(String name, String why, Exception cause) {
    return new Failure(
        ExitCode.USAGE, "cannot read %s: %s".formatted(Printable.of(name), why), null, cause);
  }
}
