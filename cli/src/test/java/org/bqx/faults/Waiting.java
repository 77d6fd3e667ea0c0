package org.bqx.faults;

/** Conditions on {@code pg_stat_activity}. */
final class Waiting {
  /** A worker of a backfill waits for a lock. */
  static final String BACKFILL =
      "application_name = 'bqx backfill' AND datname = current_database() AND wait_event_type = 'Lock'";

  private Waiting() {}
}
