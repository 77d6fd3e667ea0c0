package org.bqx.kernel;

class FlowFamilyTest extends PriceFamilyContract {

  FlowFamilyTest() {
    super("flow", "x", "h", "l", "volume", "minute");
  }
}
