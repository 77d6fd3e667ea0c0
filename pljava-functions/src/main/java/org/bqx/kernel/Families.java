package org.bqx.kernel;

import java.util.List;

/** The families by name. */
public final class Families {

  private static final List<String> NAMES =
      List.of(
          "bqx", "reg", "rate", "time", "volume", "micro", "spread", "fwd", "stat", "regime", "mom",
          "trend", "band", "flow", "rvol", "xpair", "ccy");

  private Families() {}

  /**
   * Returns a family.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists those that
   *     there are
   */
  public static Family of(String name) {
    // A session computes few of them, and only those that it makes are loaded.
    return switch (name) {
      case "bqx" -> new BqxFamily();
      case "reg" -> new RegFamily();
      case "rate" -> new RateFamily();
      case "time" -> new TimeFamily();
      case "volume" -> new VolumeFamily();
      case "micro" -> new MicroFamily();
      case "spread" -> new SpreadFamily();
      case "fwd" -> new FwdFamily();
      case "stat" -> new StatFamily();
      case "regime" -> new RegimeFamily();
      case "mom" -> new MomFamily();
      case "trend" -> new TrendFamily();
      case "band" -> new BandFamily();
      case "flow" -> new FlowFamily();
      case "rvol" -> new RvolFamily();
      case "xpair" -> new XpairFamily();
      case "ccy" -> new CcyFamily();
      default ->
          throw new IllegalArgumentException(
              "family is \"" + name + "\": must be one of " + String.join(", ", NAMES));
    };
  }

  /** Returns the names of the families. */
  public static List<String> names() {
    return NAMES;
  }
}
