package org.bqx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "08006", "08001", "57P01", "57P02", "57P03", "53300"})
  void whatPassesIsTriedAgain(String sqlState) {
    assertThat(RetryPolicy.isTransient(sqlState)).isTrue();
  }

  /**
   * Bad bars, a held partition, a cancelled or timed-out statement, no rights, a wrong password.
   */
  @ParameterizedTest
  @ValueSource(strings = {"QX005", "55P03", "57014", "42501", "28P01", "XX000", "22023", "53100"})
  void whatIsWrongIsNot(String sqlState) {
    assertThat(RetryPolicy.isTransient(sqlState)).isFalse();
  }

  @Test
  void anUnknownStateIsNot() {
    assertThat(RetryPolicy.isTransient(null)).isFalse();
  }

  @Test
  void theStateIsFoundAmongTheCauses() {
    SQLException lost = new SQLException("gone", "08006");
    assertThat(RetryPolicy.sqlState(new DataAccessException("x", lost))).isEqualTo("08006");
    assertThat(RetryPolicy.sqlState(new Failure(ExitCode.NO_CONNECTION, "x", null, lost)))
        .isEqualTo("08006");
    assertThat(RetryPolicy.sqlState(new IllegalStateException())).isNull();
  }

  @Test
  void pausesGrowUpToABoundAndDiffer() {
    Random random = new Random(1);
    long total = 0;
    for (int attempt = 1; attempt <= RetryPolicy.CONNECTIONS; attempt++) {
      Duration bound = Duration.ofMillis(Math.min(10_000, 200L << (attempt - 1)));
      Duration pause = RetryPolicy.pause(attempt, random);
      assertThat(pause).isBetween(bound.dividedBy(2), bound);
      total += pause.toMillis();
    }
    assertThat(total).isBetween(50_000L, 100_000L);
    assertThat(RetryPolicy.pause(1_000, random)).isLessThanOrEqualTo(Duration.ofSeconds(10));
    assertThat(random.ints(20).mapToObj(seed -> RetryPolicy.pause(9, new Random(seed))).distinct())
        .hasSizeGreaterThan(10);
  }

  @Test
  void aStoppedPauseEndsSoon() throws InterruptedException {
    long start = System.nanoTime();
    RetryPolicy.sleep(Duration.ofMinutes(1), () -> true);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void whatPassesIsTriedUntilItSucceeds() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    assertThat(RetryPolicy.retry(3, failure -> true, () -> false, failingBefore(2, attempts)))
        .isEqualTo(2);
    assertThatThrownBy(
            () -> RetryPolicy.retry(2, failure -> true, () -> false, failingBefore(9, attempts)))
        .hasMessage("attempt 4");
  }

  @Test
  void whatIsWrongOrStoppedIsTriedOnce() {
    AtomicInteger attempts = new AtomicInteger();
    assertThatThrownBy(
            () -> RetryPolicy.retry(3, failure -> false, () -> false, failingBefore(9, attempts)))
        .hasMessage("attempt 1");
    assertThatThrownBy(
            () -> RetryPolicy.retry(3, failure -> true, () -> true, failingBefore(9, attempts)))
        .hasMessage("attempt 2");
  }

  private static Callable<Integer> failingBefore(int attempt, AtomicInteger attempts) {
    return () -> {
      int number = attempts.incrementAndGet();
      if (number < attempt) {
        throw new SQLException("attempt " + number);
      }
      return number;
    };
  }
}
