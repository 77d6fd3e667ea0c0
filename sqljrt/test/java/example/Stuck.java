package example;

/** A class whose initialisation never ends. */
public final class Stuck {
  private static final double VALUE = Faults.loop(1);

  private Stuck() {}

  public static double value() {
    return VALUE;
  }
}
