package org.bqx.export;

/** Is told how far an export is. */
public interface ExportListener {
  /** Says how many rows are to be read. */
  void planned(long rows);

  /** Says that so many more rows were read. */
  void read(long rows);

  /** Says something that whoever waits should know. */
  void message(String text);
}
