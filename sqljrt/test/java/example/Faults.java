package example;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What goes wrong in functions. */
public final class Faults {
  private Faults() {}

  public static int sqlState(String message, String state) throws SQLException {
    throw new SQLException(message, state);
  }

  public static int runtime(String message) {
    throw new IllegalStateException(message);
  }

  public static int silent() {
    throw new UnsupportedOperationException();
  }

  /** An exception that fails when asked what it is. */
  public static int evil() {
    throw new IllegalStateException() {
      private static final long serialVersionUID = 1L;

      @Override
      public String toString() {
        throw new IllegalStateException();
      }
    };
  }

  public static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }

  public static int exhaust() {
    List<long[]> all = new ArrayList<>();
    for (; ; ) {
      all.add(new long[1 << 20]);
    }
  }

  public static int exit(int status) {
    System.exit(status);
    return status;
  }

  public static int halt(int status) {
    Runtime.getRuntime().halt(status);
    return status;
  }

  public static int sleep(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return millis;
  }

  public static int spin(int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return millis;
  }

  /** Computes for ever. */
  public static double loop(double value) {
    double sum = 0;
    for (long i = 1; i != 0; i++) {
      sum += Math.sin(value / i);
    }
    return sum;
  }

  /** Does not give up easily. */
  public static int stubborn(int lives) {
    int left = lives;
    while (left > 0) {
      try {
        loop(left);
      } catch (Throwable e) {
        left--;
      }
    }
    return lives;
  }

  /** Leaves a thread behind that never ends. */
  public static int thread(boolean daemon) {
    Thread thread = new Thread(() -> spin(Integer.MAX_VALUE));
    thread.setDaemon(daemon);
    thread.start();
    return 1;
  }

  public int notStatic() {
    return 1;
  }

  static int notPublic() {
    return 1;
  }
}
