package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages, headings and tests that the docs point to are there. */
class DocsPointersTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([\\w-]+))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  /** A class, and a method or, before an ellipsis, how its name begins. */
  private static final Pattern TEST =
      Pattern.compile("`([A-Z]\\w*(?:IT|Test|Contract))(?:[.#](\\w+)(…)?)?`");

  private static final Pattern PARENT = Pattern.compile("class \\w+ extends (\\w+)");

  /** By class; modules may have classes of one name. */
  private static final Map<String, List<Path>> SOURCES = sources();

  @ParameterizedTest
  @MethodSource("org.bqx.cli.HelpDocsTest#documents")
  void linksLeadToAHeading(Path document) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (MatchResult link : matches(LINK, Files.readString(document))) {
      Path target =
          link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
      if (!Files.exists(target)
          || link.group(2) != null
              && matches(HEADING, Files.readString(target)).stream()
                  .noneMatch(heading -> anchor(heading.group(1)).equals(link.group(2)))) {
        wrong.add(link.group());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.bqx.cli.HelpDocsTest#documents")
  void testsHaveTheNamesOfTheDocs(Path document) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (MatchResult test : matches(TEST, Files.readString(document))) {
      String method = test.group(2);
      String end = test.group(3) == null ? "\\(" : "";
      if (!SOURCES.containsKey(test.group(1))
          || method != null
              && !Pattern.compile("void " + method + end).matcher(text(test.group(1))).find()) {
        wrong.add(test.group());
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The source of a class, and of those that it extends. */
  private static String text(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : SOURCES.getOrDefault(name, List.of())) {
      String source = Files.readString(file);
      text.append(source);
      for (MatchResult parent : matches(PARENT, source)) {
        text.append(text(parent.group(1)));
      }
    }
    return text.toString();
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static Map<String, List<Path>> sources() {
    Map<String, List<Path>> sources = new TreeMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.map(path -> path.resolve("src")).filter(Files::exists).toList()) {
        try (Stream<Path> files = Files.walk(module)) {
          files
              .filter(file -> file.toString().endsWith(".java"))
              .forEach(
                  file ->
                      sources
                          .computeIfAbsent(
                              file.getFileName().toString().replace(".java", ""),
                              name -> new ArrayList<>())
                          .add(file));
        }
      }
      return sources;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
