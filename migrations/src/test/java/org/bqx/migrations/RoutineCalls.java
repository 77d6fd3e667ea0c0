package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bqx.testkit.SqlSession;

/** A call of every routine of schema bqx, as the catalogue knows them: of one to come, too. */
final class RoutineCalls {
  /**
   * What parameters are given, by their names. Where one routine needs another value its name comes
   * first.
   */
  private static final Map<String, String> ARGUMENTS =
      Map.ofEntries(
          Map.entry("family", "'bqx'"),
          Map.entry("families", "'{bqx,reg}'"),
          Map.entry("kind", "'bqx'"),
          Map.entry("pair", "'eurusd'"),
          Map.entry("pairs", "'{eurusd,gbpusd}'"),
          Map.entry("month", "'2024-08-01'"),
          Map.entry("from_month", "'2024-07-01'"),
          Map.entry("to_month", "'2024-08-01'"),
          Map.entry("create_months.from_month", "'2024-11-01'"),
          Map.entry("create_months.to_month", "'2024-12-01'"),
          Map.entry("baseline_date", "'2024-08-01'"),
          Map.entry("instant", "'2024-08-02 03:04:05Z'"),
          Map.entry("force", "true"),
          // It commits what it computes.
          Map.entry("backfill_range.force", "false"),
          Map.entry("enabled", "true"),
          Map.entry("exact", "true"),
          Map.entry("from_time", "'2024-07-01'"),
          Map.entry("to_time", "'2024-08-01'"),
          Map.entry("note", "'a note'"),
          Map.entry("source", "(SELECT source FROM fixture.source)"),
          Map.entry("first_bars", "700"),
          Map.entry("positions", "'{631,700}'"),
          Map.entry("partition", "'bqx_eurusd_2024_08'"),
          Map.entry("most_named", "20"),
          Map.entry("work", "(SELECT work FROM fixture.work)"),
          Map.entry("rows_written", "(SELECT rows FROM fixture.work)"),
          Map.entry("building", "'bqx_eurusd_2024_10_building'"),
          Map.entry("replace_partition.month", "'2024-10-01'"),
          Map.entry("target", "'w60_h60'"),
          Map.entry("feature", "'w60_bqx_return'"),
          Map.entry("read_features.features", "'{w60_bqx_return}'"),
          Map.entry("define_correlation.features", "'{bqx.w60_*}'"),
          Map.entry("correlation_rows.feature", "'{1,2,4}'"),
          Map.entry("correlation_rows.target", "'{1,2,5}'"),
          Map.entry("placebo", "'{NaN,NaN,NaN}'"),
          Map.entry("step", "2"),
          Map.entry("a", "'{1,2,4}'"),
          Map.entry("b", "'{1,2,5}'"),
          Map.entry("length", "60"),
          Map.entry("pair_a", "'eurusd'"),
          Map.entry("pair_b", "'gbpusd'"),
          Map.entry("results", "'{1}'"),
          Map.entry("key", "1"),
          Map.entry("take_lock.work", "'a partition'"),
          Map.entry("inputs", "'{100,101,102,101.5}'"),
          Map.entry("feature_rows.bars", "4"),
          Map.entry("feature_reference.bars", "4"),
          Map.entry("feature_reference.positions", "'{4,3}'"),
          Map.entry("feature_rows.windows", "'{2}'"),
          Map.entry("feature_reference.windows", "'{2}'"),
          Map.entry("rows_hold.windows", "'{}'"),
          Map.entry("rows_hold.rows", "'{100}'"),
          Map.entry("check_rows.rows", "'{0,100}'"),
          Map.entry("check_rows.times", "'{0}'"),
          Map.entry("check_rows.inputs", "'{100}'"),
          Map.entry("check_rows.bars", "1"),
          Map.entry("check_rows.skip", "0"),
          Map.entry("check_rows.tail", "0"),
          Map.entry("averaged", "'{1}'"),
          Map.entry("check_rows.before", "'{}'"),
          Map.entry("wanted", "'{bqx,reg}'"),
          Map.entry("progress", "'done'"),
          Map.entry("wrong_bars", "0"),
          Map.entry("first_wrong_bar", "NULL"),
          Map.entry("check_rows.sampled", "'{}'"),
          Map.entry("sampled", "'{631,700}'"),
          Map.entry("tolerances", "'{}'"),
          Map.entry("rules", "false"),
          Map.entry("bits", "false"),
          Map.entry("same_bits", "false"),
          Map.entry("windows", "'{60,90,150,240,390,630}'"),
          Map.entry("skip", "1"),
          Map.entry("tail", "1"),
          Map.entry("first_time", "'2024-07-01 00:00Z'"),
          Map.entry("last_time", "'2024-07-31 23:59Z'"),
          Map.entry("minutes", "'{28687680}'"),
          Map.entry("source_digest.times", "(SELECT (source).times FROM fixture.source)"),
          Map.entry("source_digest.inputs", "(SELECT (source).inputs FROM fixture.source)"),
          Map.entry("source_digest.bars", "(SELECT (source).bars FROM fixture.source)"),
          Map.entry("bad_bars", "0"),
          Map.entry("head", "''"),
          Map.entry("inputs_digest.bars", "4"),
          Map.entry("inputs_digest.first_bars", "4"),
          Map.entry("series_times", "'{NaN,1,2,3}'"),
          Map.entry("first", "1"),
          Map.entry("as_of.times", "'{1,2,3}'"),
          Map.entry("other_times", "'{NaN,1,3}'"),
          Map.entry("other_values", "'{NaN,100,101}'"),
          Map.entry("directions", "'{1}'"),
          Map.entry("ages", "true"),
          Map.entry("max_age", "5"),
          Map.entry("functions_version", "'revision 1'"),
          Map.entry("kept", "(SELECT kept FROM fixture.kept)"),
          Map.entry("replace_bars.bars", "'[]'"),
          Map.entry("elsewhere", "'{\"usdcad\": \"n2\"}'"),
          Map.entry("note_brought.pairs", "'{usdcad}'"),
          Map.entry("keep_related.pair", "'usdcad'"),
          Map.entry("release_pair.pair", "'usdcad'"),
          Map.entry("revision", "1"),
          Map.entry("keep_related.times", "'{2024-08-01 00:00Z}'"),
          Map.entry("name_bar.times", "'{2024-08-01 00:00Z}'"),
          Map.entry("name_bar.message", "'it is 8 at bar 1: must be less'"),
          Map.entry("indexes", "'{100}'"),
          Map.entry("closes", "'{1}'"),
          Map.entry("months", "'{}'"),
          Map.entry("baseline", "NULL"),
          Map.entry("kept_from", "'2024-08-01'"),
          Map.entry("base", "'eur'"),
          Map.entry("quote", "'usd'"),
          Map.entry("before", "'2024-08-01'"),
          Map.entry("before_month", "'2024-08-01'"),
          Map.entry("create_pair_table.pair", "'another'"),
          Map.entry("sqlstate", "'XX000'"),
          Map.entry("message", "'a message'"),
          Map.entry("sample", "20"),
          Map.entry("every_row", "true"),
          Map.entry("lowest_index", "50"),
          Map.entry("highest_index", "200"),
          Map.entry("triangle_tolerance", "0.01"),
          Map.entry("bars", "'bqx.m1_eurusd_2024_08'"),
          Map.entry("parameters", "'{}'"),
          Map.entry("keep_runs", "5"),
          Map.entry("run_id", "1"),
          Map.entry("begin_rows.functions_version", "'revision 1'"),
          Map.entry("outcome", "'done'"),
          Map.entry("planned", "1"),
          Map.entry("computed", "1"),
          Map.entry("failed", "0"),
          Map.entry("rows", "1"),
          Map.entry("name", "'sample'"),
          Map.entry("define_matrix.name", "'another'"),
          Map.entry("columns", "'{bqx.w60_*,reg.w60_reg_r2}'"),
          Map.entry("patterns", "'{bqx.w60_*,derived.*}'"),
          Map.entry("related", "'{gbpusd}'"),
          Map.entry("related_columns", "'{bqx.w60_bqx_return}'"),
          Map.entry("related_max_age", "5"),
          Map.entry("lags", "'{60}'"),
          Map.entry("lag_columns", "'{bqx.w60_bqx_return}'"),
          Map.entry("target_w", "60"),
          Map.entry("target_h", "60"),
          Map.entry("w", "60"),
          Map.entry("h", "60"),
          Map.entry("train_until", "'2024-07-28'"),
          Map.entry("validate_until", "'2024-07-30'"),
          Map.entry("embargo", "60"),
          Map.entry("reach", "60"));

  private RoutineCalls() {}

  /**
   * A routine.
   *
   * @param name with its schema
   * @param parameters names of the parameters that go in
   * @param types of these, in the same order
   */
  record Routine(String name, boolean isProcedure, List<String> parameters, List<String> types) {

    /**
     * Returns a statement that calls it; a function's rows come as text.
     *
     * @param instead SQL expressions for some of the parameters
     */
    String call(Map<String, String> instead) {
      List<String> arguments = new ArrayList<>();
      for (String parameter : parameters) {
        String ofRoutine = name.replace("bqx.", "") + "." + parameter;
        String usual = ARGUMENTS.getOrDefault(ofRoutine, ARGUMENTS.get(parameter));
        assertThat(usual)
            .as("RoutineCalls has no value for %s, which %s takes", parameter, name)
            .isNotNull();
        arguments.add(parameter + " => " + instead.getOrDefault(parameter, usual));
      }
      String call = "%s(%s)".formatted(name, String.join(", ", arguments));
      return isProcedure ? "CALL " + call : "SELECT r::pg_catalog.text FROM " + call + " r";
    }
  }

  /** Keeps what some arguments are read from: a partition of bqx, eurusd, 2024-08 is computed. */
  static void prepare(SqlSession session) throws SQLException {
    session.execute("CREATE SCHEMA fixture");
    session.execute("INSERT INTO bqx.pair_elsewhere (pair, node) VALUES ('usdcad', 'n2')");
    session.execute(
        "CREATE TABLE fixture.source AS SELECT source FROM bqx.read_source('bqx', 'eurusd', '2024-08-01') source");
    session.execute(
        "CREATE TABLE fixture.work AS SELECT (source).bars - 630 AS rows,"
            + " ROW('bqx', 'eurusd', '2024-08-01', 'new rows', 'bqx_eurusd_2024_09', 630, 'revision 1', now())::bqx.work"
            + " AS work FROM fixture.source");
    session.execute(
        "SELECT bqx.define_matrix('sample', '{eurusd,gbpusd}', '{bqx.*}', '{same}', '{reg.w60_*}', lags => '{60}',"
            + " from_time => '2024-07-24', train_until => '2024-07-28', validate_until => '2024-07-30')");
    session.execute(
        "CREATE TABLE fixture.kept AS SELECT kept FROM bqx.partition_state kept"
            + " WHERE (family, pair, month) = ('bqx', 'eurusd', '2024-08-01')");
  }

  /** Returns all routines but those that only a trigger can call. */
  static List<Routine> all(SqlSession session) throws SQLException {
    List<Routine> routines = new ArrayList<>();
    for (List<Object> row :
        session.rows(
            """
            SELECT oid::regproc::text, prokind = 'p',
                ARRAY(SELECT coalesce(name, 'without a name') FROM unnest(proargnames[:pronargs]) name),
                ARRAY(SELECT type::regtype::text FROM unnest(proargtypes::oid[]) type)
            FROM pg_proc
            WHERE pronamespace = 'bqx'::regnamespace AND prorettype <> 'trigger'::regtype
            ORDER BY 1""")) {
      routines.add(
          new Routine(
              (String) row.get(0), (Boolean) row.get(1), strings(row.get(2)), strings(row.get(3))));
    }
    return routines;
  }

  private static List<String> strings(Object array) {
    return Arrays.stream((Object[]) array).map(String.class::cast).toList();
  }
}
