package org.bqx.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.migrations.Migrations;
import org.bqx.migrations.PinnedDataSource;
import org.bqx.testkit.TestDatabase;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The checked-in classes are what the migrated schema generates, on every supported server.
 *
 * <p>After a change of the schema {@code ./bqx jooq} writes them anew.
 */
class GeneratedCodeIT {
  private static final Path CHECKED_IN = Path.of("src/main/java");
  private static final String PACKAGE = "org.bqx.jooq";

  /** One pair's and one month's tables have the shape of the table of all pairs. */
  private static final String PARTITIONS = "m1_(?!month$)[a-z0-9]+(_\\d{4}_\\d{2})?";

  /** A family's tables and the views over them: the catalogue knows their columns. */
  private static final String FEATURES =
      "SELECT string_agg(DISTINCT name || '(_[a-z0-9]+)?(_\\d{4}_\\d{2})?', '|')"
          + " FROM (SELECT family FROM bqx.feature UNION SELECT view_name FROM bqx.feature_derived"
          + " UNION SELECT 'features')"
          + " AS made (name)";

  /** What no client calls: triggers, helpers of other routines, functions of whole series. */
  private static final String INTERNAL_ROUTINES =
      "set_rate_index|bars_\\w+|watch_bars|create_(pair_table|aside|\\w+_views?)|drop_derived_views"
          + "|check_\\w+|lock_partition|(begin|finish|replace|drop)_partition|(insert|remove)_rows|name_bar|read_\\w+"
          + "|(begin|finish)_rows|begun_work|work_finished|verified_source"
          + "|(source|inputs)_digest|pending_write|note_functions_version|pair_bytes|stored_row"
          + "|market_minutes|verify_(partition|bars|rules|labels|conditions|rows|stored|suspects|reference|every_row)"
          + "|(begin|finish)_correlation|correlat(ion_(lock|rows|version)|ed_partitions)|take_lock"
          + "|features_like|parse_target|rolling_\\w+"
          + "|feature_rows|feature_reference|rows_hold|as_of|merge_times|source|work"
          + "|exact_time|matrix_sources|warn_of_missing_rows|lost_pairs"
          // What a front and its nodes have for each other.
          + "|own_\\w+|call|stray_table|source_month|pair_elsewhere|related_(bar|month)|replace_bars"
          + "|describe_node|note_(pairs|brought)|keep_related|(release|adopt)_pair|hourly_bars";

  /** A warning that the generator suppresses where its own JDK knows it. */
  private static final String SUPPRESSED_SINCE_21 = ", \"this-escape\"";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @Test
  void checkedInClassesAreUpToDate(@TempDir Path fresh) throws Exception {
    PinnedDataSource dataSource = new PinnedDataSource();
    dataSource.setURL(database.jdbcUrl());
    Migrations.flyway(dataSource, Map.of()).migrate();

    String features;
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(FEATURES)) {
      row.next();
      features = row.getString(1);
    }
    boolean update = System.getProperty("jooq.generate") != null;
    generate(update ? CHECKED_IN : fresh, features);
    if (!update) {
      Map<String, String> wanted = sources(fresh);
      Map<String, String> found = sources(CHECKED_IN);
      assertThat(found.keySet()).isEqualTo(wanted.keySet()).isNotEmpty();
      assertThat(wanted).allSatisfy((file, text) -> assertThat(found.get(file)).isEqualTo(text));
    }
  }

  private static void generate(Path directory, String features) throws Exception {
    GenerationTool.generate(
        new Configuration()
            .withLogging(Logging.WARN)
            .withJdbc(new Jdbc().withDriver("org.postgresql.Driver").withUrl(database.jdbcUrl()))
            .withGenerator(
                new Generator()
                    .withDatabase(
                        new Database()
                            .withInputSchema("bqx")
                            .withExcludes(String.join("|", PARTITIONS, features, INTERNAL_ROUTINES))
                            .withIncludeTriggerRoutines(false)
                            // Their text is the server's own, and its versions differ in it.
                            .withIncludeCheckConstraints(false))
                    .withGenerate(
                        new Generate()
                            .withSourcesOnViews(false)
                            .withRecords(true)
                            .withGeneratedAnnotation(false))
                    .withTarget(
                        new Target()
                            .withPackageName(PACKAGE)
                            .withDirectory(directory.toString()))));
  }

  private static Map<String, String> sources(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(
                  file -> directory.relativize(file).toString(),
                  GeneratedCodeIT::read,
                  (a, b) -> a,
                  TreeMap::new));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).replace(SUPPRESSED_SINCE_21, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
