package org.bqx.monitor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.bqx.terminal.Printable;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** The dashboard on the whole terminal, until {@code q} is pressed. */
public final class Screen {
  private static final long KEY_MILLIS = 200;

  private final Duration every;
  private final boolean colored;

  /**
   * @param every how often facts are read
   * @param colored whether to colour
   */
  public Screen(Duration every, boolean colored) {
    this.every = every;
    this.colored = colored;
  }

  /**
   * Shows snapshots until {@code q}, end of input, or an interrupt. The terminal is left as it was.
   *
   * @param snapshots reads the facts
   * @return whether Ctrl-C ended it
   */
  public boolean show(Supplier<Snapshot> snapshots) throws IOException {
    AtomicBoolean interrupted = new AtomicBoolean();
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      // JLine takes the signal away from whoever had it.
      terminal.handle(Signal.INT, signal -> interrupted.set(true));
      Attributes before = terminal.enterRawMode();
      terminal.puts(Capability.enter_ca_mode);
      terminal.puts(Capability.cursor_invisible);
      try {
        loop(terminal, snapshots, interrupted);
      } finally {
        terminal.puts(Capability.cursor_normal);
        terminal.puts(Capability.exit_ca_mode);
        terminal.setAttributes(before);
        terminal.flush();
      }
    }
    return interrupted.get();
  }

  private void loop(Terminal terminal, Supplier<Snapshot> snapshots, AtomicBoolean interrupted)
      throws IOException {
    Display display = new Display(terminal, true);
    while (!interrupted.get()) {
      Snapshot snapshot = snapshots.get();
      long next = System.nanoTime() + every.toNanos();
      Size drawn = null;
      while (System.nanoTime() < next && !interrupted.get()) {
        Size size = terminal.getSize();
        if (!size.equals(drawn)) {
          draw(display, snapshot, size, drawn != null);
          drawn = new Size(size.getColumns(), size.getRows());
        }
        int key = terminal.reader().read(KEY_MILLIS);
        if (key == 'q' || key == 'Q' || key == -1) {
          return;
        }
      }
    }
  }

  private void draw(Display display, Snapshot snapshot, Size size, boolean resized) {
    if (resized) {
      display.clear();
    }
    display.resize(size.getRows(), size.getColumns());
    display.update(fit(Dashboard.render(snapshot, size.getColumns()), size.getRows()), -1);
  }

  /** Cuts what is below the screen's last line, which says so, and how to leave. */
  private List<AttributedString> fit(List<AttributedString> lines, int rows) {
    int room = rows - 1;
    int hidden = Math.max(0, lines.size() - room);
    List<AttributedString> fitting = new ArrayList<>();
    for (AttributedString line : lines.subList(0, lines.size() - hidden)) {
      AttributedString harmless = Printable.of(line);
      fitting.add(colored ? harmless : new AttributedString(harmless.toString()));
    }
    while (fitting.size() < room) {
      fitting.add(AttributedString.EMPTY);
    }
    fitting.add(
        new AttributedString(
            hidden == 0 ? "q quits" : "q quits; %d more lines below".formatted(hidden)));
    return fitting;
  }
}
