package org.bqx.benchmarks.report;

/** What is measured of a partition, in the order of the report. */
public enum Measure {
  DISK(Kind.WRITE, "as many bytes written to files and flushed"),
  FLOOR(Kind.WRITE, "the floor: new table, INSERT … SELECT *, primary key"),
  FLOOR_INSERT(Kind.PART, "of which new table and INSERT"),
  CREATE_AS(Kind.WRITE, "the same rows by CREATE TABLE AS, then the key"),
  TRUNCATE(Kind.WRITE, "the same rows by TRUNCATE and INSERT, the key there"),
  COPY(Kind.WRITE, "the same rows by COPY binary from a client, then the key"),
  MISSING(Kind.WRITE, "bqx.backfill of a missing partition"),
  FIRST(Kind.WRITE, "bqx.backfill of a missing partition, a session's first"),
  FORCED(Kind.WRITE, "bqx.backfill of a done partition, forced"),
  CLIENT(Kind.WRITE, "the client's engine, of a missing partition"),
  READ(Kind.STEP, "bars to arrays"),
  DIGEST(Kind.STEP, "digest of the bars"),
  INSERT(Kind.STEP, "new table and INSERT"),
  ROWS_OUT(Kind.PART, "of which rows out of Java"),
  KERNEL(Kind.PART, "of which the kernel, in a JVM of its own"),
  KEY(Kind.STEP, "primary key"),
  ATTACH(Kind.STEP, "attach"),
  COMMIT(Kind.STEP, "commit"),
  SQL(Kind.RIVAL, "SQL window functions"),
  NUMPY(Kind.RIVAL, "PL/Python with numpy");

  /** How a measure stands to the others. */
  public enum Kind {
    /** Rows written from begin to commit. */
    WRITE,
    /** One of the steps that add up to a backfill. */
    STEP,
    /** A part of what is listed before it. */
    PART,
    /** Another way to compute the same rows. */
    RIVAL
  }

  private final Kind kind;
  private final String label;

  Measure(Kind kind, String label) {
    this.kind = kind;
    this.label = label;
  }

  /** Returns how it stands to the others. */
  public Kind kind() {
    return kind;
  }

  /** Returns what it is, for people. */
  public String label() {
    return label;
  }
}
