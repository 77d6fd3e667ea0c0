package org.bqx.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.bqx.failure.ExitCode;
import org.jline.utils.Signals;

/** Ctrl-C: the first one asks the command to end, the second ends the process. */
final class Interrupts {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int ATTEMPTS = 50;

  private Interrupts() {}

  /**
   * Installs what the first Ctrl-C does. It is done several times over the next seconds, because a
   * cancellation between two statements finds nothing to cancel.
   */
  static void onFirst(Runnable cancel) {
    AtomicInteger count = new AtomicInteger();
    handle(
        () -> {
          if (count.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
          }
          for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            cancel.run();
            pause();
          }
        });
  }

  /** Leaves Ctrl-C to a child on the same terminal: this process takes no notice. */
  static void ignore() {
    // Not SignalHandler.SIG_IGN, which the child would inherit.
    handle(() -> {});
  }

  private static void handle(Runnable action) {
    if (Signals.register("INT", action) == null) {
      throw new IllegalStateException("this Java cannot be told of Ctrl-C");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
