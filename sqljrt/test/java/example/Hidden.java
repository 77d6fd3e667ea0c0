package example;

final class Hidden {
  private Hidden() {}

  public static int one() {
    return 1;
  }
}
