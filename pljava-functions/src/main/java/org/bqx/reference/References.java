package org.bqx.reference;

/** The references by the name of their family. */
public final class References {

  private References() {}

  /**
   * Returns the reference of a family.
   *
   * @throws IllegalArgumentException if the family has none
   */
  public static Reference of(String family) {
    return switch (family) {
      case "bqx" -> new BqxReference();
      case "reg" -> new RegReference();
      case "rate" -> new RateReference();
      case "time" -> new TimeReference();
      case "volume" -> new VolumeReference();
      case "micro" -> new MicroReference();
      case "spread" -> new SpreadReference();
      case "fwd" -> new FwdReference();
      case "stat" -> new StatReference();
      case "regime" -> new RegimeReference();
      case "mom" -> new MomReference();
      case "trend" -> new TrendReference();
      case "band" -> new BandReference();
      case "flow" -> new FlowReference();
      case "rvol" -> new RvolReference();
      case "xpair" -> new XpairReference();
      case "ccy" -> new CcyReference();
      default -> throw new IllegalArgumentException("family \"" + family + "\" has no reference");
    };
  }
}
