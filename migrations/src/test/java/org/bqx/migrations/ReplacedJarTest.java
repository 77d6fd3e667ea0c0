package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.bqx.functions.CorrelationFunctions;
import org.bqx.functions.FeatureFunctions;
import org.bqx.functions.ReferenceFunctions;
import org.bqx.kernel.Families;
import org.bqx.kernel.Family;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The functions in a session whose jar was replaced after their first call, as PL/Java has it:
 * neither classes nor resources can be read any more.
 */
class ReplacedJarTest {
  /** As many as the longest need, that of trend, and some. */
  private static final int BARS = 4_000;

  private static SessionLoader session;

  /** Reads the jar until it is replaced. */
  private static final class SessionLoader extends ClassLoader {
    private final Map<String, byte[]> entries = new HashMap<>();

    SessionLoader() throws IOException {
      super(ClassLoader.getPlatformClassLoader());
      try (ZipInputStream jar =
          new ZipInputStream(FunctionsJar.class.getResourceAsStream("bqx-functions.jar"))) {
        for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
          entries.put(entry.getName(), jar.readAllBytes());
        }
      }
    }

    void replaceJar() {
      entries.clear();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] content = entries.get(name.replace('.', '/') + ".class");
      if (content == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, content, 0, content.length);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      byte[] content = entries.get(name);
      return content == null ? null : new ByteArrayInputStream(content);
    }

    List<String> classes() {
      return entries.keySet().stream()
          .filter(entry -> entry.endsWith(".class"))
          .map(entry -> entry.replace(".class", "").replace('/', '.'))
          .toList();
    }

    boolean hasLoaded(String name) {
      return findLoadedClass(name) != null;
    }

    /** Calls a function of SQL, as a runtime does: by its class and name. */
    Object call(Class<?> type, String name, Object... arguments) throws Exception {
      for (Method method : loadClass(type.getName()).getMethods()) {
        if (method.getName().equals(name)) {
          return method.invoke(null, arguments);
        }
      }
      throw new NoSuchMethodException(name);
    }
  }

  @BeforeAll
  static void replaceTheJarAfterTheFirstCall() throws Exception {
    session = new SessionLoader();
    assertThat(session.call(FeatureFunctions.class, "functionsVersion", "bqx"))
        .isEqualTo(FeatureFunctions.functionsVersion("bqx"));
    session.replaceJar();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {FeatureFunctions.class, ReferenceFunctions.class, CorrelationFunctions.class})
  void theFirstCallOfAnyFunctionLoadsEveryClassOfTheJar(Class<?> functions) throws Exception {
    SessionLoader other = new SessionLoader();
    List<String> classes = other.classes();
    Class.forName(functions.getName(), true, other);
    assertThat(classes)
        .hasSizeGreaterThan(400)
        .contains("org.apache.commons.math3.stat.regression.SimpleRegression")
        .allMatch(other::hasLoaded);
  }

  @ParameterizedTest
  @MethodSource("org.bqx.kernel.Families#names")
  void rowsAndReferenceAreWhatTheyWere(String name) throws Exception {
    Family family = Families.of(name);
    double[] inputs = new double[family.inputs() * BARS];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = 100 + i % BARS;
    }
    int[] windows =
        family.shortestWindow() == 0
            ? new int[0]
            : new int[] {family.shortestWindow(), family.shortestWindow() + 60};
    Object[] some = {name, inputs, BARS, windows, BARS - 300, 100};
    assertSame(
        (Iterator<?>) session.call(FeatureFunctions.class, "featureRows", some),
        FeatureFunctions.featureRows(name, inputs, BARS, windows, BARS - 300, 100),
        200);
    int[] positions = {BARS, 1, BARS - 70};
    assertSame(
        (Iterator<?>)
            session.call(
                ReferenceFunctions.class,
                "featureReference",
                name,
                inputs,
                BARS,
                windows,
                positions),
        ReferenceFunctions.featureReference(name, inputs, BARS, windows, positions),
        positions.length);
  }

  @Test
  void otherSeriesAndErrorsAreWhatTheyWere() throws Exception {
    double[] one = {1};
    double[] series = {Double.NaN, 1};
    int[] up = {1};
    assertThat(session.call(FeatureFunctions.class, "asOf", one, series, series, up, 0.0, true))
        .isEqualTo(FeatureFunctions.asOf(one, series, series, up, 0.0, true))
        .isEqualTo(new double[] {1, 0});
    InvocationTargetException refused =
        catchThrowableOfType(
            InvocationTargetException.class,
            () -> session.call(FeatureFunctions.class, "functionsVersion", "unknown"));
    SQLException expected =
        catchThrowableOfType(
            SQLException.class, () -> FeatureFunctions.functionsVersion("unknown"));
    assertThat(refused.getCause())
        .isInstanceOf(SQLException.class)
        .hasMessage(expected.getMessage());
  }

  private static void assertSame(Iterator<?> rows, Iterator<double[]> expected, int count) {
    for (int row = 0; row < count; row++) {
      assertThat(Arrays.toString((double[]) rows.next()))
          .isEqualTo(Arrays.toString(expected.next()));
    }
    assertThat(rows.hasNext()).isFalse();
  }
}
