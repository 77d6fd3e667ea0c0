package org.bqx.cli;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.bqx.failure.ExitCode;

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

  /**
   * The JDK has no other way to notice a signal than {@code sun.misc.Signal}, and javac no way to
   * name it without a warning.
   */
  private static void handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
    } catch (ReflectiveOperationException noSignals) {
      throw new IllegalStateException(noSignals);
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
