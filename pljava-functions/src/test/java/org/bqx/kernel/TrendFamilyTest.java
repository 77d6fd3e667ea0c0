package org.bqx.kernel;

import java.util.List;

class TrendFamilyTest extends PriceFamilyContract {

  TrendFamilyTest() {
    super("trend", "x", "h", "l");
  }

  @Override
  List<String> classes() {
    return List.of("trend_sar_side");
  }
}
