package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.bqx.reference.References;
import org.junit.jupiter.api.Test;

class FamiliesTest {

  @Test
  void everyFamilyIsFoundByItsName() {
    assertThat(Families.names()).doesNotHaveDuplicates().contains("bqx", "reg");
    assertThat(Families.names()).allMatch(name -> Families.of(name).name().equals(name));
    assertThat(Families.names()).allMatch(name -> name.matches("[a-z][a-z0-9]*"));
  }

  @Test
  void everyFamilyThatThereIsHasAName() throws Exception {
    Path classes =
        Path.of(Families.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("org/bqx/kernel");
    try (Stream<Path> files = Files.list(classes)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(file -> file.matches("[A-Za-z]+Family\\.class"))
                  .map(file -> file.replace("Family.class", "").toLowerCase(Locale.ROOT)))
          .containsExactlyInAnyOrderElementsOf(Families.names());
    }
  }

  @Test
  void everyFamilyHasAReference() {
    assertThat(Families.names()).allSatisfy(name -> assertThat(References.of(name)).isNotNull());
    assertThatThrownBy(() -> References.of("toy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("family \"toy\" has no reference");
  }

  @Test
  void unknownNamesAreRefusedWithThoseThatAreKnown() {
    for (String name : new String[] {"toy", "BQX", "", "b\u0131qx"}) {
      assertThatThrownBy(() -> Families.of(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "family is \"" + name + "\": must be one of " + String.join(", ", Families.names()));
    }
  }
}
