package org.bqx.kernel;

import java.util.List;

class BandFamilyTest extends PriceFamilyContract {

  BandFamilyTest() {
    super("band", "x", "h", "l");
  }

  @Override
  List<String> classes() {
    return List.of("w20_band_squeeze");
  }
}
