package org.bqx.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.bqx.failure.Failure;
import org.bqx.failure.GivenFile;
import org.bqx.failure.IoReason;
import org.bqx.terminal.Printable;

/** The files that a command line names: files, folders, patterns, and - for standard input. */
public final class BarFiles {
  /** The name of standard input. */
  public static final String STANDARD_INPUT = "-";

  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  /** Is shown each source of bars. */
  public interface Visitor {
    /** Reads one file of bars. */
    void visit(BarSource source) throws Exception;
  }

  private final Collection<String> columns;
  private final Consumer<String> messages;
  private final Consumer<InputStream> opened;

  /**
   * @param columns that a person named, by name or by number from 1: these are read of large files,
   *     too
   * @param messages is told what is left out
   * @param opened is shown each stream before it is read, so that it can be closed from elsewhere
   */
  public BarFiles(
      Collection<String> columns, Consumer<String> messages, Consumer<InputStream> opened) {
    this.columns = columns;
    this.messages = messages;
    this.opened = opened;
  }

  /**
   * Returns the files in the order they are named; those of a folder, which it and the folders in
   * it hold, and those of a pattern by name. Files of asks come after all others, whose bars they
   * complete.
   *
   * @throws Failure when there is no such file
   */
  public List<String> find(List<String> names) throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : names) {
      if (name.equals(STANDARD_INPUT)) {
        files.add(name);
        continue;
      }
      Path path = path(name);
      if (Files.isDirectory(path)) {
        files.addAll(inFolder(path, name));
      } else if (Files.exists(path) || !WILDCARD.matcher(name).find()) {
        files.add(name);
      } else {
        PathMatcher matcher = matcher(name);
        files.addAll(below(literalPart(name), matcher::matches, name));
      }
    }
    // The sort is stable: all else stays as it is named.
    files.sort(Comparator.comparing(name -> FileNames.side(FileNames.last(name)) == Side.ASK));
    return files;
  }

  /**
   * Shows a visitor the sources of bars in a file: one, or those of an archive.
   *
   * @param name a path, or {@code -} for {@code standardInput}
   * @throws Failure when there is no such file
   */
  public void read(String name, InputStream standardInput, Visitor visitor) throws Exception {
    Unpacker unpacker =
        new Unpacker(
            columns,
            new Unpacker.Visitor() {
              @Override
              public void visit(BarSource source) throws Exception {
                visitor.visit(source);
              }

              @Override
              public void leftOut(String entry) {
                messages.accept(
                    "%s: left out %s, which is no file of bars"
                        .formatted(Printable.of(name), Printable.of(entry)));
              }
            });
    if (name.equals(STANDARD_INPUT)) {
      unpacker.unpack("standard input", "standard input", null, 0, standardInput);
      return;
    }
    Path path = path(name);
    if (Files.isDirectory(path)) {
      throw missing(name, "it is a folder", null);
    } else if (Files.notExists(path)) {
      throw missing(name, "no such file", null);
    }
    boolean regular = Files.isRegularFile(path);
    try (InputStream content = open(name, path, regular)) {
      opened.accept(content);
      String absolute = path.toAbsolutePath().normalize().toString();
      long size = regular ? Files.size(path) : 0;
      unpacker.unpack(name, absolute, regular ? path : null, size, content);
    }
  }

  private InputStream open(String name, Path path, boolean regular) throws IOException {
    try {
      return regular ? Files.newInputStream(path) : Pipe.open(path, opened);
    } catch (FileSystemException refused) {
      throw missing(name, IoReason.withoutFile(refused), refused);
    }
  }

  private List<String> inFolder(Path folder, String name) throws IOException {
    List<String> others = new ArrayList<>();
    List<String> files =
        below(
            folder,
            file -> {
              String last = file.getFileName().toString();
              if (FileNames.isBars(last)) {
                return true;
              }
              if (!last.endsWith(Rejects.SUFFIX)) {
                others.add(folder.relativize(file).toString());
              }
              return false;
            },
            name);
    if (!others.isEmpty()) {
      messages.accept(
          "%s: left out %s, whose names are of no file of bars; name them to import them"
              .formatted(Printable.of(name), Printable.of(first(others))));
    }
    return files;
  }

  private static String first(List<String> names) {
    List<String> sorted = names.stream().sorted().toList();
    return sorted.size() <= 5
        ? String.join(", ", sorted)
        : String.join(", ", sorted.subList(0, 5)) + " and " + (sorted.size() - 5) + " more";
  }

  private List<String> below(Path folder, Predicate<Path> wanted, String name) throws IOException {
    List<String> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
              return isLitter(at) && !at.equals(folder)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!attributes.isRegularFile() && !isLitter(file)) {
                messages.accept(
                    "%s: left out, since it is no file".formatted(Printable.of(file.toString())));
              } else if (!isLitter(file)
                  && wanted.test(file)
                  && !file.toString().endsWith(Rejects.SUFFIX)) {
                files.add(file.toString());
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
              if (why instanceof FileSystemLoopException) {
                // Its files were seen on the way to it.
                return FileVisitResult.CONTINUE;
              }
              throw why;
            }
          });
    } catch (NoSuchFileException none) {
      throw missing(name, "no such file", none);
    } catch (FileSystemException refused) {
      throw missing(refused.getFile(), IoReason.withoutFile(refused), refused);
    }
    if (files.isEmpty()) {
      throw missing(name, "no file of bars is there", null);
    }
    files.sort(null);
    return files;
  }

  private static boolean isLitter(Path path) {
    return path.getFileName() != null && FileNames.isLitter(path.getFileName().toString());
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
    return GivenFile.unreadable(Printable.of(name), why, cause);
  }
}
