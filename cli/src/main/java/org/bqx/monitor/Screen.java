package org.bqx.monitor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.bqx.terminal.Printable;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** The dashboard on the whole terminal, until {@code q} is pressed. Keys scroll as in less. */
public final class Screen {
  private static final long KEY_MILLIS = 200;

  /** Months that a key moves the grid by. */
  private static final int STEP = 6;

  private final Duration every;
  private final boolean colored;
  private Snapshot snapshot;
  private Grid.View view = Grid.View.ALL;
  private int top;
  private int columns;

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
      terminal.puts(Capability.keypad_xmit);
      try {
        loop(terminal, snapshots, interrupted);
      } finally {
        terminal.puts(Capability.keypad_local);
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
    BindingReader keys = new BindingReader(terminal.reader());
    KeyMap<Key> bound = Key.map(terminal);
    Display display = new Display(terminal, true);
    Size drawn = null;
    while (!interrupted.get()) {
      snapshot = snapshots.get();
      long next = System.nanoTime() + every.toNanos();
      boolean current = false;
      while (System.nanoTime() < next && !interrupted.get()) {
        Size size = terminal.getSize();
        if (!size.equals(drawn) || !current) {
          draw(display, size, drawn != null && !size.equals(drawn));
          drawn = new Size(size.getColumns(), size.getRows());
          current = true;
        }
        int waiting = keys.peekCharacter(KEY_MILLIS);
        if (waiting == NonBlockingReader.EOF) {
          return;
        }
        Key key =
            waiting == NonBlockingReader.READ_EXPIRED ? null : keys.readBinding(bound, null, false);
        if (key == Key.QUIT) {
          return;
        }
        if (key != null) {
          press(key, size.getRows() - 1);
          current = false;
        }
      }
    }
  }

  private void press(Key key, int page) {
    switch (key) {
      case UP -> top--;
      case DOWN -> top++;
      case PAGE_UP -> top -= page;
      case PAGE_DOWN -> top += page;
      case FIRST -> top = 0;
      case LAST -> top = Integer.MAX_VALUE;
      case EARLIER -> {
        if (new Grid(snapshot, columns, view).earlier() > 0) {
          view = new Grid.View(view.family(), view.monthsBack() + STEP);
        }
      }
      case LATER -> view = new Grid.View(view.family(), Math.max(0, view.monthsBack() - STEP));
      case FAMILY -> view = new Grid.View(nextFamily(), view.monthsBack());
      case QUIT -> top = 0;
    }
  }

  /** All families, then one after the other. */
  private String nextFamily() {
    List<String> families = snapshot.families().stream().map(FamilyProgress::family).toList();
    int next = families.indexOf(view.family()) + 1;
    return next < families.size() ? families.get(next) : null;
  }

  private void draw(Display display, Size size, boolean resized) {
    if (resized) {
      display.clear();
    }
    columns = size.getColumns();
    display.resize(size.getRows(), size.getColumns());
    display.update(fit(Dashboard.render(snapshot, size.getColumns(), view), size.getRows()), -1);
  }

  /** Shows what fits; the last line says how much that is, and which keys there are. */
  private List<AttributedString> fit(List<AttributedString> lines, int rows) {
    int room = Math.max(1, rows - 1);
    top = Math.max(0, Math.min(top, lines.size() - room));
    int end = Math.min(lines.size(), top + room);
    List<AttributedString> fitting = new ArrayList<>();
    for (AttributedString line : lines.subList(top, end)) {
      AttributedString harmless = Printable.of(line);
      fitting.add(colored ? harmless : new AttributedString(harmless.toString()));
    }
    while (fitting.size() < room) {
      fitting.add(AttributedString.EMPTY);
    }
    String part =
        end - top == lines.size()
            ? ""
            : ", lines %d-%d of %d".formatted(top + 1, end, lines.size());
    fitting.add(new AttributedString("q quits, arrows scroll, f: one family" + part));
    return fitting;
  }
}
