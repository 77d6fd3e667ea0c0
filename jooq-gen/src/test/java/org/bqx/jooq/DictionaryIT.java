package org.bqx.jooq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bqx.migrations.Migrations;
import org.bqx.migrations.PinnedDataSource;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every object of schema bqx has a comment, and docs/dictionary.md is these comments.
 *
 * <p>After a change of the schema, {@code ./bqx jooq} writes it anew.
 */
class DictionaryIT {
  private static final Path DICTIONARY = Path.of("../docs/dictionary.md");
  private static final String FROM_THE_DATABASE =
      "<!-- From here on written from the database. -->\n";

  /** All but Flyway's history, and the tables of one pair or month. */
  private static final String WITHOUT_COMMENT =
      """
      WITH relation AS (
          SELECT c.oid, c.relname FROM pg_class c
          WHERE c.relnamespace = 'bqx'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
              AND c.relname <> 'flyway_schema_history'
      )
      SELECT name FROM (
          SELECT relname, obj_description(oid, 'pg_class') FROM relation
          UNION ALL
          SELECT r.relname || '.' || a.attname, col_description(r.oid, a.attnum)
          FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
          UNION ALL
          SELECT p.oid::regprocedure::text, obj_description(p.oid, 'pg_proc')
          FROM pg_proc p WHERE p.pronamespace = 'bqx'::regnamespace
          UNION ALL
          SELECT t.typname, obj_description(t.oid, 'pg_type')
          FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
          WHERE t.typnamespace = 'bqx'::regnamespace
      ) object (name, comment)
      WHERE coalesce(comment, '') = ''
      ORDER BY name
      """;

  /** Functions of what follows: Markdown's own characters escaped, and a sentence of a phrase. */
  private static final String HELPERS =
      """
      CREATE FUNCTION pg_temp.plain(text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
          SELECT regexp_replace(text, '([|*<]|(?<=[}])_)', '\\\\\\1', 'g')
      $$;
      CREATE FUNCTION pg_temp.sentence(text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
          SELECT upper(left(text, 1)) || substr(pg_temp.plain(text), 2) || CASE WHEN text NOT LIKE '%.' THEN '.' ELSE '' END
      $$;
      """;

  /** The names that docs/formulas.md has: families' tables, and views over them. */
  private static final String FAMILIES =
      """
      SELECT family AS name, description FROM bqx.feature_definition
      UNION ALL
      SELECT DISTINCT view_name, 'what follows from the columns of bqx.' || family FROM bqx.feature_derived
      UNION ALL
      SELECT DISTINCT family || '_rel', 'levels of bqx.' || family || ' relative to rate_index'
      FROM bqx.feature_metric WHERE level
      UNION ALL
      SELECT 'features', obj_description('bqx.features'::regclass)
      """;

  private static final String FAMILY_LINES =
      "SELECT format('| `bqx.%s` | %s |', name, pg_temp.plain(description)) FROM ("
          + FAMILIES
          + ") f ORDER BY name COLLATE \"C\"";

  /** A relation of some kinds a row. */
  private static final String RELATIONS =
      """
      SELECT format(E'### `bqx.%%s`\\n%%s\\n\\n| column | type | |\\n| --- | --- | --- |\\n%%s\\n', c.relname,
          pg_temp.sentence(obj_description(c.oid, 'pg_class')), (
              SELECT string_agg(format('| `%%s` | %%s | %%s |', a.attname, format_type(a.atttypid, a.atttypmod),
                  pg_temp.plain(col_description(a.attrelid, a.attnum))), E'\\n' ORDER BY a.attnum)
              FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
      FROM pg_class c
      WHERE c.relnamespace = 'bqx'::regnamespace AND c.relkind IN (%s) AND NOT c.relispartition
          AND c.relname <> 'flyway_schema_history' AND c.relname NOT IN (SELECT name FROM (%s) f)
      ORDER BY c.relname COLLATE "C"
      """;

  private static final String TYPES =
      """
      SELECT format(E'### `bqx.%s`\\n%s\\n\\n    %s\\n', c.relname, pg_temp.sentence(obj_description(c.reltype, 'pg_type')), (
          SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
      FROM pg_class c
      WHERE c.relnamespace = 'bqx'::regnamespace AND c.relkind = 'c'
      ORDER BY c.relname COLLATE "C"
      """;

  /** Who may call a routine: NULL where other routines alone do. */
  private static final String ROUTINES =
      """
      SELECT p.oid, p.proname, obj_description(p.oid, 'pg_proc') AS comment, coalesce((
          SELECT string_agg(format('`%s`', g.grantee::regrole), ', ' ORDER BY g.grantee::regrole::text COLLATE "C")
          FROM aclexplode(p.proacl) g
          WHERE g.grantee IN ('bqx_reader'::regrole, 'bqx_runner'::regrole)
      ), CASE WHEN 'role=bqx_owner' = ANY (p.proconfig) THEN '`bqx_owner`' END) AS callers
      FROM pg_proc p
      WHERE p.pronamespace = 'bqx'::regnamespace
      """;

  private static final String CALLED =
      """
      SELECT format(E'### `%s`\\n    bqx.%s(%s)%s\\n\\n%s For %s.\\n', r.proname, r.proname,
          pg_get_function_arguments(r.oid), E'\\n    RETURNS ' || pg_get_function_result(r.oid),
          pg_temp.sentence(r.comment), r.callers)
      FROM (%s) r
      WHERE r.callers IS NOT NULL
      ORDER BY r.proname COLLATE "C"
      """;

  private static final String INTERNAL =
      """
      SELECT format('| `%s` | %s |', r.proname, pg_temp.sentence(split_part(r.comment, '. ', 1)))
      FROM (%s) r
      WHERE r.callers IS NULL
      ORDER BY r.proname COLLATE "C"
      """;

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  @BeforeAll
  static void migrate() throws SQLException {
    PinnedDataSource dataSource = new PinnedDataSource();
    dataSource.setURL(DATABASE.jdbcUrl());
    Migrations.flyway(dataSource, Map.of()).migrate();
  }

  @Test
  void everyObjectHasAComment() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      // Of the market, unlike those that are enabled.
      sql.execute("SELECT bqx.enable_family('ccy')");
      assertThat(sql.column(WITHOUT_COMMENT)).as("objects without a comment").isEmpty();
    }
  }

  @Test
  void theDictionaryIsThatOfTheDatabase() throws Exception {
    String found = Files.readString(DICTIONARY);
    int start = found.indexOf(FROM_THE_DATABASE);
    assertThat(start).as(FROM_THE_DATABASE).isPositive();
    String wanted = found.substring(0, start) + FROM_THE_DATABASE + "\n" + dictionary();
    if (System.getProperty("jooq.generate") != null) {
      Files.writeString(DICTIONARY, wanted);
    } else {
      assertThat(found).isEqualTo(wanted);
    }
  }

  private static String dictionary() throws SQLException {
    List<String> lines = new ArrayList<>();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute(HELPERS);
      lines.add("## Tables\n");
      lines.addAll(sql.column(RELATIONS.formatted("'r', 'p'", FAMILIES)));
      lines.add("## Views\n");
      lines.addAll(sql.column(RELATIONS.formatted("'v'", FAMILIES)));
      lines.add(
          "## Families\nTheir columns are in [formulas](formulas.md).\n\n| table or view | |\n| --- | --- |");
      lines.addAll(sql.column(FAMILY_LINES));
      lines.add("\n## Types\n");
      lines.addAll(sql.column(TYPES));
      lines.add("## Routines\n");
      lines.addAll(sql.column(CALLED.replace("(%s) r", "(" + ROUTINES + ") r")));
      lines.add("## Routines that other routines call\n| routine | |\n| --- | --- |");
      lines.addAll(sql.column(INTERNAL.replace("(%s) r", "(" + ROUTINES + ") r")));
    }
    return String.join("\n", lines) + "\n";
  }
}
