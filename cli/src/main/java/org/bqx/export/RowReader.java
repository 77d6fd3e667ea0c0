package org.bqx.export;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads the rows of a query by COPY: one message a row, never more than a buffer of them. */
final class RowReader {
  /** Is given one row after the other. */
  interface Rows {
    /** Takes the line of names that CSV begins with. */
    default void header(byte[] message) {}

    /** Takes a row. */
    void row(byte[] message) throws IOException;
  }

  private final Connection connection;

  RowReader(Connection connection) {
    this.connection = connection;
  }

  /** Reads rows as text, the names first. */
  void readCsv(String query, Rows rows) throws SQLException, IOException {
    CopyOut copy = copy(query, "(FORMAT csv, HEADER)");
    try {
      byte[] message = copy.readFromCopy();
      if (message != null) {
        rows.header(message);
      }
      while ((message = copy.readFromCopy()) != null) {
        rows.row(message);
      }
    } finally {
      end(copy);
    }
  }

  /**
   * Reads rows in binary.
   *
   * @param row holds each row while {@code rows} has it
   */
  void readBinary(String query, BinaryRow row, Rows rows) throws SQLException, IOException {
    CopyOut copy = copy(query, "(FORMAT binary)");
    try {
      byte[] message;
      row.begin();
      while ((message = copy.readFromCopy()) != null) {
        if (row.read(message)) {
          rows.row(message);
        }
      }
    } finally {
      end(copy);
    }
  }

  private CopyOut copy(String query, String options) throws SQLException {
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (" + query + ") TO STDOUT " + options);
  }

  /** What is not read to its end is cancelled, so that the connection can go on. */
  private static void end(CopyOut copy) throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
