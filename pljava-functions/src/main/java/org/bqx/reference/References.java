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
      default -> throw new IllegalArgumentException("family \"" + family + "\" has no reference");
    };
  }
}
