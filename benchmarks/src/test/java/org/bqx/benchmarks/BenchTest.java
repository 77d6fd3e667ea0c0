package org.bqx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
  @ParameterizedTest
  @CsvSource({
    "--pairs=0, --pairs 0 is not 1 to 28",
    "--pairs=29, --pairs 29 is not 1 to 28",
    "--months=0, --months 0 is below 1",
    "--workers=1;0, '--workers'",
    "--workers=0, --workers 0 is below 1",
    "--rounds=0, --rounds 0 is below 1",
    "--range-rounds=0, --range-rounds 0 is below 1",
    "--set=fsync, '--set'",
    "--family=reg --rounds=0, --rounds 0 is below 1",
    "--family=reg --picture=x.svg, --picture draws what bench measures without --family",
    "--family=reg --workers=1, --workers is of what bench measures without --family",
    "--family=reg --range-rounds=1, --range-rounds is of what bench measures without --family",
    "--family=reg --no-rivals, --rivals is of what bench measures without --family",
    "kernels --family=bqr, --family bqr has no rivals: must be of bqx",
    "kernels --windows=2, --windows 2 is below 3",
    "kernels --iterations=0, --iterations 0 is below 1",
    "kernels --milliseconds=0, --milliseconds 0 is below 1",
    "growth --by=days, '--by'",
    "growth --rounds=0, --rounds 0 is below 1",
    "growth --largest=0, --largest 0 is below 1",
    "settings --pairs=29, --pairs 29 is not 1 to 28",
    "settings --workers=0, --workers 0 is below 1",
    "reads --pairs=0, --pairs 0 is not 1 to 28",
    "reads --rounds=0, --rounds 0 is below 1",
    "reads --family=mom, reads are of bqx and reg",
    "--rounds=1 reads, --rounds before reads is of what bench measures without it",
    "--set=jit=off --json growth, --set before growth is of what bench measures without it",
    "partitions, partitions"
  })
  void wrongArgumentsAreUsageErrorsBeforeAServerStarts(String arguments, String message) {
    StringWriter err = new StringWriter();
    StringWriter out = new StringWriter();
    int code = Bench.run(arguments.split(" "), new PrintWriter(out), new PrintWriter(err));
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(message).contains("next: ./bqx bench --help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void helpNamesEveryBenchmark() {
    StringWriter out = new StringWriter();
    int code = Bench.run(new String[] {"--help"}, new PrintWriter(out), new PrintWriter(out));
    assertThat(code).isZero();
    assertThat(out.toString()).contains("kernels", "growth", "settings", "reads", "--picture=FILE");
  }
}
