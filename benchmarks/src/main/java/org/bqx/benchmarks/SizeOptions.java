package org.bqx.benchmarks;

import picocli.CommandLine.Option;

/** How many bars a benchmark is of, and how often each of its measurements is made. */
final class SizeOptions {
  @Option(names = "--pairs", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int pairs;

  @Option(names = "--months", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
  private int months;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each is measured (default: ${DEFAULT-VALUE})")
  private int rounds;

  /** With these as defaults. */
  SizeOptions(int pairs, int months, int rounds) {
    this.pairs = pairs;
    this.months = months;
    this.rounds = rounds;
  }

  int pairs() {
    return pairs;
  }

  int months() {
    return months;
  }

  int rounds() {
    return rounds;
  }

  /** Refuses what cannot be measured. */
  void check(Bench bench) {
    bench.requirePairs(pairs);
    bench.require(months >= 1, "--months %d is below 1".formatted(months));
    bench.require(rounds >= 1, "--rounds %d is below 1".formatted(rounds));
  }
}
