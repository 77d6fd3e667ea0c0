package org.bqx.kernel;

class MomFamilyTest extends PriceFamilyContract {

  MomFamilyTest() {
    super("mom", "x", "h", "l");
  }
}
