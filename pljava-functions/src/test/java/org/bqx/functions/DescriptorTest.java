package org.bqx.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DescriptorTest {

  private static final Pattern ACTIONS =
      Pattern.compile(
          "SQLActions\\[\\] = \\{\\s*\"BEGIN INSTALL(?<install>[^\"]*)END INSTALL\","
              + "\\s*\"BEGIN REMOVE(?<remove>[^\"]*)END REMOVE\"\\s*\\}\\s*");
  private static final Pattern FUNCTION =
      Pattern.compile(
          "CREATE OR REPLACE FUNCTION (?<name>bqx\\.\\w+)\\((?<parameters>[^)]*)\\)"
              + "\\s+RETURNS (?<set>SETOF )?(?<type>\\S+)\\s+LANGUAGE java (?<options>[^']*)"
              + "AS '(?<result>[\\w.\\[\\]]+)=(?<class>[\\w.]+)\\.(?<method>\\w+)"
              + "\\((?<arguments>[^)]*)\\)'");

  /** How PL/Java and sqljrt map what the descriptor uses; a reference type where NULL may come. */
  private static final Map<String, String> JAVA_TYPES =
      Map.of(
          "float8[]", "double[]",
          "int4[]", "int[]",
          "int4", "java.lang.Integer",
          "boolean", "java.lang.Boolean",
          "bytea", "byte[]",
          "float8", "java.lang.Double",
          "text", "java.lang.String");

  private static String descriptor;
  private static String install;
  private static String remove;

  @BeforeAll
  static void readDescriptor() throws IOException {
    try (InputStream stream = DescriptorTest.class.getResourceAsStream("/pljava.ddr")) {
      descriptor = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher actions = ACTIONS.matcher(descriptor);
    assertThat(actions.matches()).isTrue();
    install = actions.group("install");
    remove = actions.group("remove");
  }

  @Test
  void holdsNothingThatPlJavaMisreads() {
    assertThat(descriptor).doesNotContain("--", "$", "\"\"").isASCII();
  }

  @Test
  void everyFunctionIsAStaticMethod() throws ReflectiveOperationException {
    List<String> names = new ArrayList<>();
    Matcher function = FUNCTION.matcher(install);
    while (function.find()) {
      names.add(function.group("name"));
      Class<?> type = Class.forName(function.group("class"));
      Method method =
          Arrays.stream(type.getMethods())
              .filter(m -> m.getName().equals(function.group("method")))
              .findFirst()
              .orElseThrow();
      assertThat(Modifier.isStatic(method.getModifiers())).isTrue();
      assertThat(Arrays.stream(method.getParameterTypes()).map(Class::getTypeName))
          .containsExactly(split(function.group("arguments")))
          .containsExactly(
              Arrays.stream(split(function.group("parameters")))
                  .map(parameter -> JAVA_TYPES.get(parameter.replaceFirst("^\\w+ ", "")))
                  .toArray(String[]::new));
      assertThat(function.group("result")).isEqualTo(JAVA_TYPES.get(function.group("type")));
      assertThat(method.getGenericReturnType().getTypeName())
          .isEqualTo(
              function.group("set") == null
                  ? function.group("result")
                  : Iterator.class.getName() + "<" + function.group("result") + ">");
      // What the jar's version is must not be in a plan that outlives the jar.
      String volatility =
          function.group("name").equals("bqx.functions_version") ? "STABLE" : "IMMUTABLE";
      assertThat(function.group("options"))
          .startsWith(volatility + " CALLED ON NULL INPUT PARALLEL RESTRICTED");
    }
    assertThat(
            all(
                "(\\w+)\\([^)]*\\)\\s+RETURNS SETOF float8\\[\\]\\s+LANGUAGE[^']*(?= ROWS)",
                install))
        .containsExactly("feature_rows", "feature_reference", "correlation_rows");
    assertThat(names)
        .containsExactly(
            "bqx.feature_rows",
            "bqx.feature_reference",
            "bqx.rows_hold",
            "bqx.check_rows",
            "bqx.as_of",
            "bqx.merge_times",
            "bqx.inputs_digest",
            "bqx.correlation_rows",
            "bqx.rolling_correlation",
            "bqx.functions_version");
  }

  @Test
  void everyFunctionIsClosedToThePublicAndRemoved() {
    List<String> signatures =
        FUNCTION
            .matcher(install)
            .results()
            .map(f -> f.group(1) + "(" + f.group(2).replaceAll("\\w+ (?=\\w)", "") + ")")
            .toList();
    assertThat(all("REVOKE ALL ON FUNCTION (.*) FROM PUBLIC;", install)).isEqualTo(signatures);
    assertThat(all("DROP FUNCTION IF EXISTS (.*);", remove)).isEqualTo(signatures);
  }

  private static List<String> all(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(DescriptorTest::first).toList();
  }

  private static String first(MatchResult match) {
    return match.group(1);
  }

  private static String[] split(String list) {
    return list.isEmpty() ? new String[0] : list.split(",\\s*");
  }
}
