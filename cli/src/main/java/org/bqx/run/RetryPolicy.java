package org.bqx.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What is worth another attempt, how often, and after which pause: each pause is up to twice the
 * one before, half of it at random, so that workers that failed together do not come back together.
 */
final class RetryPolicy {
  /** Attempts to compute one partition. A partition that kills its backend must not go on so. */
  static final int COMPUTATIONS = 5;

  /** Attempts to connect: pauses of 50 s to 100 s in all, enough for a server to recover. */
  static final int CONNECTIONS = 14;

  private static final long FIRST_MILLIS = 200;
  private static final long LONGEST_MILLIS = 10_000;
  private static final long SLICE_MILLIS = 100;

  /**
   * Serialization failure, deadlock, an old jar in the session, shutdown, crash, start-up, idle
   * session timeout, too many connections.
   */
  private static final Set<String> TRANSIENT =
      Set.of("40001", "40P01", "55000", "57P01", "57P02", "57P03", "57P05", "53300");

  private static final String CONNECTION_CLASS = "08";

  private RetryPolicy() {}

  /** Returns whether the same statement may succeed if it is tried again, on a new connection. */
  static boolean isTransient(String sqlState) {
    return sqlState != null
        && (sqlState.startsWith(CONNECTION_CLASS) || TRANSIENT.contains(sqlState));
  }

  /**
   * Returns whether a statement may succeed if it is tried again on a new connection: its failure
   * passes, or it has ended the session, as FATAL does whatever its code. PL/Java's virtual
   * machine, for one, dies with 46000 when another session crashes.
   */
  static boolean isTransient(Throwable failure, Connection connection) {
    return isTransient(sqlState(failure)) || isLost(connection);
  }

  /** The driver closes the connection when the server has; words and codes do not tell. */
  private static boolean isLost(Connection connection) {
    try {
      return connection != null && connection.isClosed();
    } catch (SQLException broken) {
      return true;
    }
  }

  /** Returns the SQLSTATE of the first SQLException among the causes, or null. */
  static String sqlState(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException refused) {
        return refused.getSQLState();
      }
    }
    return null;
  }

  /**
   * Returns how long to wait after a failed attempt.
   *
   * @param attempt which attempt it was, from 1 on
   */
  static Duration pause(int attempt, RandomGenerator random) {
    long bound = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempt - 1, 16));
    return Duration.ofMillis(bound / 2 + random.nextLong(bound / 2 + 1));
  }

  /**
   * Does something, again after failures that pass.
   *
   * @param attempts how often at most
   * @param passes whether another attempt may succeed after a failure; makes it ready, too
   * @param stopped whether nothing more is to be tried
   * @return what the attempt that succeeded returns
   * @throws Exception the failure of the last attempt
   */
  static <T> T retry(
      int attempts, Predicate<Exception> passes, BooleanSupplier stopped, Callable<T> attempt)
      throws Exception {
    for (int number = 1; ; number++) {
      try {
        return attempt.call();
      } catch (InterruptedException interrupted) {
        throw interrupted;
      } catch (Exception refused) {
        if (number == attempts || stopped.getAsBoolean() || !passes.test(refused)) {
          throw refused;
        }
        sleep(pause(number, ThreadLocalRandom.current()), stopped);
      }
    }
  }

  /** Waits, but not for long once {@code stopped} says so. */
  static void sleep(Duration pause, BooleanSupplier stopped) throws InterruptedException {
    long end = System.nanoTime() + pause.toNanos();
    for (long left = pause.toMillis(); left > 0 && !stopped.getAsBoolean(); ) {
      Thread.sleep(Math.min(left, SLICE_MILLIS));
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }
}
