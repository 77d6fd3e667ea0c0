package org.bqx.generate;

import java.util.SplittableRandom;

/**
 * Random numbers that are a function of (seed, what for, day) alone, with the same bits on every
 * JVM: the normal deviates use StrictMath.
 */
final class RandomStream {
  private static final long WEYL = 0x9E3779B97F4A7C15L;

  private final SplittableRandom random;
  private double spare;
  private boolean hasSpare;

  /**
   * @param seed the user's seed
   * @param subject letters that name what the numbers are for
   * @param day days since 1970-01-01
   */
  RandomStream(long seed, String subject, long day) {
    long key = seed;
    for (int i = 0; i < subject.length(); i++) {
      key = mix(key + WEYL) ^ subject.charAt(i);
    }
    random = new SplittableRandom(mix(key + WEYL) ^ mix(day + WEYL));
  }

  /** Returns the next number of [0, 1). */
  double uniform() {
    return random.nextDouble();
  }

  /** Returns the next standard normal deviate, by Marsaglia's polar method. */
  double gaussian() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    while (true) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      double square = x * x + y * y;
      if (square > 0 && square < 1) {
        double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
        spare = y * factor;
        hasSpare = true;
        return x * factor;
      }
    }
  }

  /** Finalizer of MurmurHash3's 64-bit variant: neighbours in, strangers out. */
  private static long mix(long key) {
    long mixed = (key ^ (key >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
