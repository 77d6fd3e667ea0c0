package org.bqx.matrix;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.bqx.connection.Sql;
import org.bqx.jooq.Routines;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Reads rows of a matrix, and the bars that they are of. */
final class MatrixReader {
  private final Connection connection;
  private final String matrix;

  MatrixReader(Connection connection, String matrix) {
    this.connection = connection;
    this.matrix = matrix;
  }

  /**
   * Reads some columns, all of numbers, of a range of a pair's rows.
   *
   * @param condition on the columns of {@code q}; empty for none
   */
  MatrixRows read(String pair, Instant from, Instant to, List<MatrixColumn> some, String condition)
      throws SQLException {
    return MatrixRows.read(connection, query(pair, from, to), some, condition);
  }

  /** Returns the query of a range of a pair's rows, the end excluded. */
  String query(String pair, Instant from, Instant to) {
    return Routines.matrixQuery(
        Sql.on(connection).configuration(),
        matrix,
        pair,
        from.atOffset(ZoneOffset.UTC),
        to.atOffset(ZoneOffset.UTC));
  }

  /** Returns how many bars there are before an instant, counted up to so many. */
  int barsBefore(String pair, Instant from, int most) {
    return Sql.on(connection)
        .fetchSingle(
            "SELECT count(*)::int FROM (SELECT FROM {0} WHERE time < {1} LIMIT {2}) bars",
            table("m1", pair), DSL.val(from.atOffset(ZoneOffset.UTC)), DSL.inline(most))
        .into(int.class);
  }

  static Table<?> table(String kind, String pair) {
    return DSL.table(DSL.name("bqx", kind + "_" + pair));
  }
}
