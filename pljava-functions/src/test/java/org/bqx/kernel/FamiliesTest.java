package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Iterator;
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

  /**
   * A session of PL/Java whose jar is replaced after its first call of any function: what was
   * loaded until then must be enough for the rows of every family.
   */
  @Test
  void noClassIsLoadedAfterTheFirstCall() throws ReflectiveOperationException {
    ClosableLoader loader = new ClosableLoader();
    Class<?> functions = Class.forName("org.bqx.functions.FeatureFunctions", true, loader);
    method(functions, "functionsVersion").invoke(null, "bqx");
    loader.closed = true;

    for (GoldenDigestTest.Golden golden : GoldenDigestTest.goldens()) {
      Bars bars = golden.bars();
      for (int[] windows : golden.windows()) {
        Object rows =
            method(functions, "featureRows")
                .invoke(null, golden.family(), bars.values(), bars.count(), windows, 0, 0);
        ((Iterator<?>) rows).forEachRemaining(row -> {});
      }
    }
    double[] one = {1};
    assertThat(method(functions, "asOf").invoke(null, one, one, one, 1.0))
        .isEqualTo(new double[] {1, 0});
  }

  private static Method method(Class<?> functions, String name) {
    return Arrays.stream(functions.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Finds the project's classes by itself, until it is closed. */
  private static final class ClosableLoader extends ClassLoader {
    boolean closed;

    ClosableLoader() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try (InputStream stream =
          FamiliesTest.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
        if (closed || stream == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = stream.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
