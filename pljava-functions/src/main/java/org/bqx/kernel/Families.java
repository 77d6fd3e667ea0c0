package org.bqx.kernel;

import java.util.ArrayList;
import java.util.Arrays;
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

  static {
    loadClasses();
  }

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

  /**
   * Has the classes of all families loaded. In a session of PL/Java, a class that was not loaded
   * before its jar was replaced cannot be loaded any more, and one family's rows would fail after
   * another's.
   */
  public static void load() {
    // Done by the initialisation of this class.
  }

  /** Makes the columns of every family, and with them its objects, over a single bar. */
  private static void loadClasses() {
    for (Family family : ALL) {
      double[] values = new double[family.inputs()];
      Arrays.fill(values, 100);
      int[] windows =
          family.shortestWindow() == 0 ? new int[0] : new int[] {family.shortestWindow()};
      Bars bar = new Bars(values, 1);
      family.defect(bar);
      new FamilyRows(family, bar, windows, 0, 0).next();
    }
  }
}
