package org.bqx.sqljrt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * Jars on their way into the database: reads them, checks them and takes the actions out of their
 * deployment descriptors (ISO/IEC 9075-13, 4.11.1 and 11): {@code SQLActions[] = {"BEGIN INSTALL
 * command; ... END INSTALL", "BEGIN REMOVE command; ... END REMOVE"}}, a double quote inside
 * written twice. A command {@code BEGIN PostgreSQL ... END PostgreSQL} runs as it stands; one for
 * another implementor is skipped.
 */
final class Deployment {
  private static final String INVALID_JAR = "46001";

  private final String text;
  private int at;

  private Deployment(String text) {
    this.text = text;
  }

  /**
   * The bytes of the file a {@code file:} URL names.
   *
   * @throws SQLException 46001 if it is not such a URL or cannot be read
   */
  static byte[] read(String url) throws SQLException {
    try {
      if (!url.regionMatches(true, 0, "file:", 0, 5)) {
        throw new IllegalArgumentException("only file: URLs are supported");
      }
      Path path = Path.of(URI.create(url));
      if (!Files.isRegularFile(path)) {
        throw new IllegalArgumentException("there is no such file");
      }
      return Files.readAllBytes(path);
    } catch (IllegalArgumentException | IOException e) {
      throw new SQLException(
          "could not read jar \"" + url + "\": " + e.getMessage(), INVALID_JAR, e);
    }
  }

  /**
   * Checks that every entry of a jar can be read.
   *
   * @throws SQLException 46001 if not
   */
  static void verify(byte[] image) throws SQLException {
    try {
      new JarImage(image).verify();
    } catch (IOException e) {
      throw new SQLException("jar is corrupt: " + e.getMessage(), INVALID_JAR, e);
    }
  }

  /**
   * The SQL commands of a jar's INSTALL or REMOVE groups, descriptors in the order of their names
   * (for REMOVE the other way round), commands in the order written.
   *
   * @param group {@code INSTALL} or {@code REMOVE}
   * @throws SQLException 46001 if the jar has no descriptor, or a broken one
   */
  static String[] actions(byte[] image, String group) throws SQLException {
    List<String> actions = new ArrayList<>();
    int descriptors = 0;
    try {
      JarImage jar = new JarImage(image);
      byte[] manifest = jar.read("META-INF/MANIFEST.MF");
      if (manifest == null) {
        throw new IOException("jar has no manifest");
      }
      TreeMap<String, Attributes> sections =
          new TreeMap<>(new Manifest(new ByteArrayInputStream(manifest)).getEntries());
      Map<String, Attributes> ordered =
          group.equals("REMOVE") ? sections.descendingMap() : sections;
      for (Map.Entry<String, Attributes> section : ordered.entrySet()) {
        if ("true".equalsIgnoreCase(section.getValue().getValue("SQLJDeploymentDescriptor"))) {
          byte[] descriptor = jar.read(section.getKey());
          if (descriptor == null) {
            throw new IOException(
                "manifest names deployment descriptor \""
                    + section.getKey()
                    + "\", which is not in the jar");
          }
          descriptors++;
          new Deployment(new String(descriptor, StandardCharsets.UTF_8)).collect(group, actions);
        }
      }
    } catch (IOException e) {
      throw new SQLException(e.getMessage(), INVALID_JAR, e);
    }
    if (descriptors == 0) {
      throw new SQLException("jar has no deployment descriptor", INVALID_JAR);
    }
    return actions.toArray(new String[0]);
  }

  private void collect(String wanted, List<String> actions) throws IOException {
    expect("SQLActions");
    expect("[");
    expect("]");
    expect("=");
    expect("{");
    skipSpace();
    while (at < text.length() && text.charAt(at) == '"') {
      Deployment group = new Deployment(quoted());
      group.expect("BEGIN");
      String kind = group.word();
      if (!kind.equalsIgnoreCase("INSTALL") && !kind.equalsIgnoreCase("REMOVE")) {
        throw new IOException(
            "deployment descriptor has a group \"" + kind + "\", not INSTALL or REMOVE");
      }
      List<String> commands = group.commands(kind);
      if (kind.equalsIgnoreCase(wanted)) {
        actions.addAll(commands);
      }
      skipSpace();
      if (at < text.length() && text.charAt(at) == ',') {
        at++;
        skipSpace();
      }
    }
    expect("}");
    skipSpace();
    if (at < text.length()) {
      throw broken("the end of the descriptor");
    }
  }

  private List<String> commands(String kind) throws IOException {
    List<String> commands = new ArrayList<>();
    for (; ; ) {
      skipSpace();
      int start = at;
      String word = word();
      if (word.equalsIgnoreCase("END")) {
        expect(kind);
        skipSpace();
        if (at < text.length()) {
          throw broken("the end of the group");
        }
        return commands;
      }
      if (word.equalsIgnoreCase("BEGIN")) {
        String implementor = word();
        if (implementor.isEmpty()) {
          throw broken("an implementor's name after BEGIN");
        }
        int body = at;
        int end = skipBlock(implementor);
        if (implementor.equalsIgnoreCase("postgresql")) {
          commands.add(text.substring(body, end).strip());
        }
        expect(";");
      } else {
        at = start;
        skipTo(';');
        String command = text.substring(start, at).strip();
        if (!command.isEmpty()) {
          commands.add(command);
        }
        at++;
      }
    }
  }

  /** Moves past the END of an implementor's block and gives the place where that END starts. */
  private int skipBlock(String implementor) throws IOException {
    while (at < text.length()) {
      if (Character.isLetter(text.charAt(at))) {
        int start = at;
        if (word().equalsIgnoreCase("END")) {
          skipSpace();
          if (word().equalsIgnoreCase(implementor)) {
            return start;
          }
        }
      } else {
        skipToken();
      }
    }
    throw broken("END " + implementor);
  }

  private void skipTo(char stop) throws IOException {
    while (at < text.length() && text.charAt(at) != stop) {
      skipToken();
    }
    if (at >= text.length()) {
      throw broken("\"" + stop + "\"");
    }
  }

  /** Moves past a character, a quoted string or name, a dollar-quoted string or a comment. */
  private void skipToken() throws IOException {
    char first = text.charAt(at);
    if (first == '\'' || first == '"') {
      skipPast(String.valueOf(first), 1);
    } else if (text.startsWith("--", at)) {
      skipPast("\n", 2);
    } else if (text.startsWith("/*", at)) {
      skipPast("*/", 2);
    } else if (first == '$') {
      int tag = at + 1;
      while (tag < text.length()
          && Character.isJavaIdentifierPart(text.charAt(tag))
          && text.charAt(tag) != '$') {
        tag++;
      }
      if (tag < text.length() && text.charAt(tag) == '$') {
        skipPast(text.substring(at, tag + 1), tag + 1 - at);
      } else {
        at++;
      }
    } else {
      at++;
    }
  }

  private void skipPast(String end, int from) throws IOException {
    int found = text.indexOf(end, at + from);
    if (found < 0) {
      throw broken(end);
    }
    at = found + end.length();
  }

  private String quoted() throws IOException {
    StringBuilder content = new StringBuilder();
    for (at++; at < text.length(); at++) {
      if (text.charAt(at) != '"') {
        content.append(text.charAt(at));
      } else if (text.startsWith("\"\"", at)) {
        content.append('"');
        at++;
      } else {
        at++;
        return content.toString();
      }
    }
    throw broken("\"");
  }

  private void expect(String token) throws IOException {
    skipSpace();
    if (!text.regionMatches(true, at, token, 0, token.length())) {
      throw broken(token);
    }
    at += token.length();
  }

  private String word() {
    skipSpace();
    int start = at;
    while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IOException broken(String expected) {
    String found = at < text.length() ? text.substring(at).lines().findFirst().orElse("") : "";
    return new IOException(
        "deployment descriptor is broken: expected "
            + expected
            + (found.isEmpty() ? " before its end" : " at \"" + found + "\""));
  }
}
