package org.bqx.kernel;

class RvolFamilyTest extends PriceFamilyContract {

  RvolFamilyTest() {
    super("rvol", "x", "o", "h", "l");
  }

  @Override
  int[] windows() {
    return new int[] {20, 60, 240};
  }
}
