package example;

/** A class that cannot be initialised. */
public final class Broken {
  private static final int LENGTH = System.getProperty("example.missing").length();

  private Broken() {}

  public static int length() {
    return LENGTH;
  }
}
