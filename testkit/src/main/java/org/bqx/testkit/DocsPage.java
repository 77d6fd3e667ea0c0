package org.bqx.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the docs: what its code blocks have readers type, and as which role.
 *
 * <p>A role is said by a sentence above the block, "As a member of `bqx_runner`" or "As a
 * superuser", and holds until another is said; or by a line's own comment; or by its option {@code
 * -U}, where alice is a member of bqx_runner.
 */
public final class DocsPage {
  /** Who is a superuser, in {@link Example#role}. */
  public static final String SUPERUSER = "superuser";

  private static final String OWN_ROLE = "bqx_runner";

  /** What a line of a shell begins with; of anything else a block is no example. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(\\./bqx|bqx [a-z]|pg_[a-z]|createdb|mvn|docker|sudo|zcat|benchmarks/|packaging/|PG_CONFIG=).*");

  private static final Pattern STATEMENT =
      Pattern.compile(
          "((SELECT|WITH|CALL|INSERT|UPDATE|DELETE|COPY|CREATE|ALTER|DROP|GRANT|REVOKE|ANALYZE|SET|EXPLAIN)\\b|\\\\[a-z]).*");

  private static final Pattern MEMBER =
      Pattern.compile("\\b[Aa]s a (?:superuser or a )?member of `?(bqx_[a-z]+)`?");

  private static final Pattern SUPER = Pattern.compile("\\b[Aa]s a superuser\\b(?! or)");
  private static final Pattern USER = Pattern.compile(" -U (\\w+)");

  /**
   * A command, or a statement for psql.
   *
   * @param heading the last one above
   * @param text without comments; several lines where it has them
   * @param role a role of bqx, or {@link #SUPERUSER}; null when the page does not say
   */
  public record Example(String heading, String text, String role) {
    /** Returns whether it is for psql. */
    public boolean isStatement() {
      return STATEMENT.matcher(text).lookingAt();
    }
  }

  private final List<Example> examples = new ArrayList<>();
  private final List<String> blocks = new ArrayList<>();
  private final StringBuilder block = new StringBuilder();
  private String heading = "";
  private String role;
  private String begun = "";
  private String begunRole;

  private DocsPage() {}

  /** Reads a page. */
  public static DocsPage read(Path file) throws IOException {
    DocsPage page = new DocsPage();
    boolean fenced = false;
    for (String line : Files.readAllLines(file)) {
      boolean fence = line.startsWith("```");
      if (!fence && (fenced || line.startsWith("    "))) {
        page.code(line);
      } else {
        page.endBlock();
        page.prose(line);
      }
      fenced ^= fence;
    }
    page.endBlock();
    return page;
  }

  /** Returns what is to be typed, from top to bottom. */
  public List<Example> examples() {
    return List.copyOf(examples);
  }

  /** Returns what is to be typed below a heading. */
  public List<Example> examples(String below) {
    return examples.stream().filter(example -> example.heading().equals(below)).toList();
  }

  /** Returns the block that begins with a text, its lines without their indentation. */
  public String block(String beginning) {
    return blocks.stream().filter(text -> text.startsWith(beginning)).findFirst().orElseThrow();
  }

  private void prose(String line) {
    if (line.startsWith("#")) {
      heading = line.replaceFirst("#+ ", "");
    } else {
      role = roleIn(line, role);
    }
  }

  private static String roleIn(String text, String otherwise) {
    String role = SUPER.matcher(text).find() ? SUPERUSER : otherwise;
    Matcher member = MEMBER.matcher(text);
    return member.find() ? member.group(1) : role;
  }

  private void code(String line) {
    String stripped = line.strip();
    block.append(stripped).append('\n');
    if (begun.isEmpty()
        && !COMMAND.matcher(stripped).matches()
        && !STATEMENT.matcher(stripped).matches()) {
      return;
    }
    boolean statement = STATEMENT.matcher(begun + stripped).lookingAt();
    String text = stripped.replaceFirst(statement ? "\\s+-- .*" : "\\s+# .*", "");
    if (begun.isEmpty()) {
      begunRole = role;
    }
    begunRole = roleIn(stripped.substring(text.length()), begunRole);
    boolean goesOn =
        statement
            ? !text.startsWith("\\") && !text.matches(".*(;|\\\\gexec)")
            : text.matches(".*(\\\\|&&)");
    begun += text.replaceFirst("\\\\$", "");
    if (goesOn) {
      begun += statement ? "\n" : " ";
    } else {
      endExample();
    }
  }

  private void endBlock() {
    endExample();
    if (block.length() > 0) {
      blocks.add(block.toString());
      block.setLength(0);
    }
  }

  private void endExample() {
    if (begun.isEmpty()) {
      return;
    }
    String text = begun.strip().replaceAll(" {2,}", " ");
    begun = "";
    Matcher user = USER.matcher(text);
    String own = !user.find() ? begunRole : user.group(1).equals("postgres") ? SUPERUSER : OWN_ROLE;
    examples.add(new Example(heading, text, own));
  }
}
