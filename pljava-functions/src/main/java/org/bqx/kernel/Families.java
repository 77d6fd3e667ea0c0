package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/** The families by name. */
public final class Families {

  private static final List<Family> ALL =
      List.of(
          new BqxFamily(),
          new RegFamily(),
          new RateFamily(),
          new TimeFamily(),
          new VolumeFamily(),
          new MicroFamily(),
          new SpreadFamily(),
          new FwdFamily(),
          new StatFamily(),
          new RegimeFamily(),
          new MomFamily(),
          new TrendFamily(),
          new BandFamily(),
          new FlowFamily(),
          new RvolFamily(),
          new XpairFamily(),
          new CcyFamily());

  private Families() {}

  /**
   * Returns a family.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists those that
   *     there are
   */
  public static Family of(String name) {
    for (Family family : ALL) {
      if (family.name().equals(name)) {
        return family;
      }
    }
    throw new IllegalArgumentException(
        "family is \"" + name + "\": must be one of " + String.join(", ", names()));
  }

  /** Returns the names of the families. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Family family : ALL) {
      names.add(family.name());
    }
    return names;
  }
}
