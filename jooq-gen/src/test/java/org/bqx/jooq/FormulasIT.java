package org.bqx.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.bqx.migrations.Migrations;
import org.bqx.migrations.PinnedDataSource;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The second half of docs/formulas.md is what the catalogue says of every family.
 *
 * <p>After a change of the catalogue, {@code ./bqx jooq} writes it anew.
 */
class FormulasIT {
  private static final Path FORMULAS = Path.of("../docs/formulas.md");
  private static final String FROM_THE_CATALOGUE =
      "<!-- From here on written from the catalogue. -->\n";

  /** A family a row: its heading, what it is, and a table of its metrics and derived metrics. */
  private static final String FAMILIES =
      """
      WITH metric AS (
          SELECT m.*, d.default_windows, coalesce(cardinality(coalesce(m.windows, d.default_windows)), 0) > 0 AS windowed
          FROM bqx.feature_metric m
          JOIN bqx.feature_definition d USING (family)
      ), bars AS (
          SELECT family, metric_no,
              CASE WHEN windowed THEN
                  CASE needs_windows WHEN 0 THEN '' WHEN 1 THEN 'W' ELSE needs_windows || ' W' END
              ELSE '' END || CASE
                  WHEN needs_bars = 0 THEN ''
                  WHEN windowed AND needs_windows > 0 THEN format(' %s %s', CASE WHEN needs_bars > 0 THEN '+' ELSE '−' END, abs(needs_bars))
                  ELSE needs_bars::text
              END AS first,
              CASE WHEN windowed THEN
                  CASE ahead_windows WHEN 0 THEN '' WHEN 1 THEN 'W' ELSE ahead_windows || ' W' END
              ELSE '' END || CASE WHEN ahead_bars = 0 THEN '' ELSE ' + ' || ahead_bars END AS last
          FROM metric
      ), line AS (
          SELECT family, metric_no,
              format('| `%s%s_%s`%s | %s | %s | %s | %s |',
                  CASE WHEN windowed THEN 'w{W}_' END, family, metric,
                  ' (W = ' || array_to_string(nullif(windows, '{}'), ', ') || ')',
                  replace(description, '|', '\\|'), unit,
                  CASE
                      WHEN lowest > '-Infinity' AND highest < 'Infinity' THEN
                          format('%s … %s', round(lowest::numeric, 4)::float8, round(highest::numeric, 4)::float8)
                      WHEN lowest > '-Infinity' THEN '≥ ' || round(lowest::numeric, 4)::float8
                      WHEN highest < 'Infinity' THEN '≤ ' || round(highest::numeric, 4)::float8
                  END || CASE WHEN range_scale = '1' THEN '' ELSE ' times ' || range_scale END,
                  concat_ws('; ', 'first ' || nullif(first, ''), 'last ' || nullif(last, ''), undefined_when)) AS text
          FROM metric
          JOIN bars USING (family, metric_no)
      ), derived AS (
          SELECT family, view_name,
              format(E'\nIn the view `bqx.%s`:\n\n| column | value | unit |\n| --- | --- | --- |\n%s\n', view_name,
                  string_agg(format('| `%s%s_%s` | %s | %s |', CASE WHEN cardinality(default_windows) > 0 THEN 'w{W}_' END,
                      family, metric, f.description, unit), E'\n' ORDER BY metric_no)) AS text
          FROM bqx.feature_derived f
          JOIN bqx.feature_definition d USING (family)
          GROUP BY family, view_name
      )
      SELECT format(
          E'## %s\n%s.%s\n\nInputs: %s.%s Stage %s.\n\n| column | value | unit | range | NULL |\n| --- | --- | --- | --- | --- |\n%s\n%s',
          family, upper(left(description, 1)) || substr(description, 2),
          CASE role WHEN 'target' THEN ' A target, which no model may read as a feature.' END,
          (SELECT string_agg('`' || input || '`', ', ' ORDER BY place) FROM unnest(inputs) WITH ORDINALITY i (input, place)),
          ' W = ' || array_to_string(nullif(default_windows, '{}'), ', ') || '.', tables_stage,
          (SELECT string_agg(text, E'\n' ORDER BY metric_no) FROM line WHERE line.family = d.family),
          (SELECT string_agg(text, '' ORDER BY view_name) FROM derived WHERE derived.family = d.family))
      FROM bqx.feature_definition d
      ORDER BY family_no
      """;

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  @Test
  void theFormulasAreThoseOfTheCatalogue() throws Exception {
    PinnedDataSource dataSource = new PinnedDataSource();
    dataSource.setURL(DATABASE.jdbcUrl());
    Migrations.flyway(dataSource, Map.of()).migrate();

    String found = Files.readString(FORMULAS);
    int start = found.indexOf(FROM_THE_CATALOGUE);
    assertThat(start).as(FROM_THE_CATALOGUE).isPositive();
    String wanted = found.substring(0, start) + FROM_THE_CATALOGUE + "\n" + families();
    if (System.getProperty("jooq.generate") != null) {
      Files.writeString(FORMULAS, wanted);
    } else {
      assertThat(found).isEqualTo(wanted);
    }
  }

  private static String families() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      return String.join("\n", sql.column(FAMILIES));
    }
  }
}
