package org.bqx.verify;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A verification as JUnit XML, the format that CI systems read: a test case for each partition and
 * one, named {@code range}, for what no partition shows alone.
 */
public final class JUnitReport {
  private static final String SUITE = "bqx verify";

  private JUnitReport() {}

  /**
   * Writes the report, over a file that is there.
   *
   * @param text a finding as one line
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, VerifyOutcome outcome, Function<Finding, String> text)
      throws IOException {
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(writer);
      List<PartitionCheck> checks = outcome.partitions();
      long failures =
          checks.stream().filter(check -> !check.differences().isEmpty()).count()
              + (outcome.differences().isEmpty() ? 0 : 1);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", SUITE);
      xml.writeAttribute("tests", String.valueOf(outcome.planned() + 1));
      xml.writeAttribute("failures", String.valueOf(failures));
      xml.writeAttribute("errors", String.valueOf(outcome.uncheckedCount()));
      for (PartitionCheck check : checks) {
        testCase(
            xml,
            check.partition().family(),
            check.partition().pair() + " " + check.partition().month(),
            lines(check.differences(), text),
            check.error());
      }
      int unread = outcome.planned() - checks.size();
      testCase(
          xml,
          "range",
          "range",
          lines(outcome.differences(), text),
          unread == 0 ? null : unread + " partitions not checked, interrupted");
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException unwritable) {
      throw new IOException(
          "cannot write %s: %s".formatted(file, unwritable.getMessage()), unwritable);
    }
  }

  private static void testCase(
      XMLStreamWriter xml, String className, String name, String differences, String error)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", SUITE + "." + className);
    xml.writeAttribute("name", name);
    if (error != null) {
      xml.writeStartElement("error");
      xml.writeAttribute("message", printable(error));
      xml.writeEndElement();
    }
    if (!differences.isEmpty()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", differences.lines().count() + " differences");
      xml.writeCharacters(printable(differences));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static String lines(List<Finding> findings, Function<Finding, String> text) {
    return findings.stream().map(text).collect(Collectors.joining("\n"));
  }

  /** XML 1.0 has no way to write most control characters. */
  private static String printable(String text) {
    return text.replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD]", "\uFFFD");
  }
}
