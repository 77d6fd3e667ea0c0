package example;

/** Differs between the two jars. */
public final class Version {
  private static int calls = 0;

  private Version() {}

  public static int version() {
    return 1;
  }

  public static int calls() {
    return ++calls;
  }
}
