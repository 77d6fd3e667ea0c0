package org.bqx.benchmarks.report;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The picture of a report: how long one partition takes to write, by what, and how long the range
 * does. One SVG without fonts or scripts of its own, legible on a light and on a dark page.
 */
public final class BenchPicture {
  private static final int WIDTH = 760;
  private static final int LABELS = 260;
  private static final int BARS = 300;
  private static final int ROW = 24;
  private static final int THICKNESS = 15;
  private static final int PANEL_GAP = 18;
  private static final int MARGIN = 12;

  private static final String STYLE =
      """
      text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
      .title { font-weight: 600 }
      .note { font-size: 11px; fill: #59636e }
      .floor { fill: #8c959f }
      .ours { fill: #0969da }
      .rival { fill: #bc4c00 }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .note { fill: #9198a1 }
        .floor { fill: #656c76 }
        .ours { fill: #4493f8 }
        .rival { fill: #db6d28 }
      }
      """;

  private record Bar(String label, String kind, double milliseconds, String remark) {}

  private record Panel(String title, List<Bar> bars) {
    double longest() {
      return bars.stream().mapToDouble(Bar::milliseconds).max().orElseThrow();
    }

    int height() {
      return ROW * (1 + bars.size());
    }
  }

  private BenchPicture() {}

  /**
   * Writes the picture, over a file that is there.
   *
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, BenchReport report) throws IOException {
    List<Panel> panels = new ArrayList<>();
    panels.add(writing(report));
    if (report.partitions().stream().anyMatch(p -> !rivals(p).isEmpty())) {
      panels.add(computing(report));
    }
    panels.add(range(report.range()));
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      draw(XMLOutputFactory.newFactory().createXMLStreamWriter(writer), panels, report.machine());
      writer.write("\n");
    } catch (XMLStreamException e) {
      throw new IOException("cannot draw " + file, e);
    }
  }

  private static Panel writing(BenchReport report) {
    List<Bar> bars = new ArrayList<>();
    for (PartitionResult partition : report.partitions()) {
      bars.add(bar(partition, Measure.FLOOR, "floor", "INSERT … SELECT, rows of "));
      bars.add(bar(partition, Measure.COPY, "floor", "COPY binary, rows of "));
      bars.add(bar(partition, Measure.MISSING, "ours", "bqx.backfill, family "));
    }
    PartitionResult first = report.partitions().get(0);
    return new Panel(
        String.format(
            Locale.ROOT,
            "One partition: %,d rows × %d columns, from begin to commit",
            first.rows(),
            first.columns()),
        bars);
  }

  private static Bar bar(PartitionResult partition, Measure measure, String kind, String label) {
    return new Bar(
        label + partition.family(),
        kind,
        partition.samples().get(measure).milliseconds(),
        measure == Measure.FLOOR
            ? "the floor"
            : "%s × the floor".formatted(Numbers.plain(partition.ratioToFloor(measure))));
  }

  private static Panel computing(BenchReport report) {
    List<Bar> bars = new ArrayList<>();
    for (PartitionResult partition : report.partitions()) {
      bars.add(
          new Bar(
              "bqx.backfill, family " + partition.family(),
              "ours",
              partition.samples().get(Measure.MISSING).milliseconds(),
              ""));
      for (Measure rival : rivals(partition)) {
        bars.add(
            new Bar(
                "%s, family %s".formatted(rival.label(), partition.family()),
                "rival",
                partition.samples().get(rival).milliseconds(),
                "%s ×".formatted(Numbers.plain(partition.ratioToBackfill(rival)))));
      }
    }
    return new Panel("The same partition, the same values, by other means", bars);
  }

  private static List<Measure> rivals(PartitionResult partition) {
    return partition.samples().keySet().stream()
        .filter(measure -> measure.kind() == Measure.Kind.RIVAL)
        .toList();
  }

  private static Panel range(RangeResult range) {
    List<Bar> bars = new ArrayList<>();
    for (RangeResult.WithWorkers measured : range.byWorkers()) {
      String by = measured.workers() == 1 ? "1 session" : measured.workers() + " sessions";
      bars.add(
          new Bar("INSERT … SELECT, " + by, "floor", measured.floor().milliseconds(), "the floor"));
      bars.add(
          new Bar(
              "./bqx backfill, " + by.replace("session", "worker"),
              "ours",
              measured.backfill().milliseconds(),
              "%s × the floor"
                  .formatted(Numbers.plain(measured.backfill().ratioTo(measured.floor())))));
    }
    return new Panel(
        String.format(Locale.ROOT, "%,d partitions, %,d rows", range.partitions(), range.rows()),
        bars);
  }

  private static void draw(XMLStreamWriter xml, List<Panel> panels, Machine machine)
      throws XMLStreamException {
    int height =
        2 * MARGIN + panels.stream().mapToInt(panel -> panel.height() + PANEL_GAP).sum() + ROW;
    xml.writeStartElement("svg");
    xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
    xml.writeAttribute("viewBox", "0 0 %d %d".formatted(WIDTH, height));
    xml.writeAttribute("width", String.valueOf(WIDTH));
    xml.writeAttribute("height", String.valueOf(height));
    xml.writeAttribute("role", "img");
    element(xml, "title", "What bqx costs beside PostgreSQL writing the same rows");
    element(xml, "style", STYLE);
    int y = MARGIN;
    for (Panel panel : panels) {
      text(xml, MARGIN, y + THICKNESS, "title", panel.title());
      y += ROW;
      for (Bar bar : panel.bars()) {
        int width = (int) Math.max(2, Math.round(BARS * bar.milliseconds() / panel.longest()));
        text(xml, MARGIN, y + THICKNESS - 3, null, bar.label());
        xml.writeEmptyElement("rect");
        xml.writeAttribute("class", bar.kind());
        xml.writeAttribute("x", String.valueOf(LABELS));
        xml.writeAttribute("y", String.valueOf(y));
        xml.writeAttribute("width", String.valueOf(width));
        xml.writeAttribute("height", String.valueOf(THICKNESS));
        String time = Numbers.duration(bar.milliseconds());
        String value = bar.remark().isEmpty() ? time : time + ", " + bar.remark();
        text(xml, LABELS + width + 6, y + THICKNESS - 3, null, value);
        y += ROW;
      }
      y += PANEL_GAP;
    }
    text(
        xml,
        MARGIN,
        y + THICKNESS,
        "note",
        "medians of one run; %d cores of %s, PostgreSQL %s, %s"
            .formatted(
                machine.cores(),
                machine.processor(),
                machine.postgresql().replaceFirst(" .*", ""),
                machine.javaRuntime()));
    xml.writeEndElement();
    xml.flush();
  }

  private static void text(XMLStreamWriter xml, int x, int y, String kind, String content)
      throws XMLStreamException {
    xml.writeStartElement("text");
    if (kind != null) {
      xml.writeAttribute("class", kind);
    }
    xml.writeAttribute("x", String.valueOf(x));
    xml.writeAttribute("y", String.valueOf(y));
    xml.writeCharacters(content);
    xml.writeEndElement();
  }

  private static void element(XMLStreamWriter xml, String name, String content)
      throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(content);
    xml.writeEndElement();
  }
}
