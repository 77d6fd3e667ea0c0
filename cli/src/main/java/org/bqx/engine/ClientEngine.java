package org.bqx.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.functions.FeatureFunctions;
import org.bqx.partition.Partition;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Computes by the classes of the server's jar in this program. The server decides what is to be
 * written ({@code bqx.begin_rows}) and puts it in place ({@code bqx.finish_rows}); between them, in
 * the same transaction, the rows go into a table that the first has made.
 */
final class ClientEngine extends ClientTransaction {
  private static final String BEGIN =
      """
      SELECT write, table_name, columns, can_be_undefined, first_bar, array_send(times), array_send(inputs), bars, tail,
          windows
      FROM bqx.begin_rows(?, ?, ?, ?, ?)
      """;

  /** As the server's {@code bqx.name_bar}. */
  private static final Pattern BAR = Pattern.compile("\\b(at bar |rate_index\\[)(\\d{1,9})\\]?");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  ClientEngine(Connection connection) {
    super(connection);
  }

  @Override
  long write(Partition partition, boolean force) throws SQLException {
    try (PreparedStatement statement =
            prepareBegin(BEGIN, partition, force, ClientFunctions.version(partition.family()));
        ResultSet begun = statement.executeQuery()) {
      begun.next();
      if (begun.getString(1) == null) {
        return 0;
      }
      if (begun.getString(2) != null) {
        copy(partition, begun);
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet written = statement.executeQuery("SELECT bqx.finish_rows()")) {
      written.next();
      return written.getLong(1);
    }
  }

  private void copy(Partition partition, ResultSet begun) throws SQLException {
    String[] columns = (String[]) begun.getArray(3).getArray();
    Boolean[] undefined = (Boolean[]) begun.getArray(4).getArray();
    int firstBar = begun.getInt(5);
    long[] times = BinaryArray.longs(begun.getBytes(6));
    Integer[] windows = (Integer[]) begun.getArray(10).getArray();
    Iterator<double[]> rows;
    try {
      rows =
          FeatureFunctions.featureRows(
              partition.family(),
              BinaryArray.doubles(begun.getBytes(7)),
              begun.getInt(8),
              primitive(windows),
              firstBar,
              begun.getInt(9));
    } catch (SQLException refused) {
      throw new SQLException(withTime(refused.getMessage(), times), refused.getSQLState(), refused);
    }
    PGConnection session = connection.unwrap(PGConnection.class);
    StringBuilder command =
        new StringBuilder("COPY bqx.")
            .append(session.escapeIdentifier(begun.getString(2)))
            .append(" (pair, ts_utc, rate_index");
    for (String column : columns) {
      command.append(", ").append(session.escapeIdentifier(column));
    }
    command.append(") FROM STDIN (FORMAT binary)");
    CopyIn copy = session.getCopyAPI().copyIn(command.toString());
    try {
      RowsCopy rowsCopy = new RowsCopy(copy, partition.pair(), primitive(undefined));
      for (int bar = firstBar; rows.hasNext(); bar++) {
        rowsCopy.write(times[bar], rows.next());
      }
      rowsCopy.end();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** Returns what the functions say of a bar with its time in the place of its number. */
  private static String withTime(String message, long[] times) {
    Matcher bar = BAR.matcher(message);
    if (!bar.find()) {
      return message;
    }
    int number = Integer.parseInt(bar.group(2));
    if (number < 1 || number > times.length) {
      return message;
    }
    return message.substring(0, bar.start())
        + (bar.group(1).startsWith("at") ? "at " : "rate_index at ")
        + TIME.format(BinaryArray.time(times[number - 1]))
        + message.substring(bar.end());
  }

  private static boolean[] primitive(Boolean[] values) {
    boolean[] primitive = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      primitive[i] = values[i];
    }
    return primitive;
  }
}
