package org.bqx.partition;

import static org.bqx.jooq.Tables.PROGRESS;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SortField;

/** Columns of {@code bqx.progress} as the types that this program has for them, and their order. */
public final class ProgressFields {
  /** How it stands with the partition. */
  public static final Field<PartitionState> STATE =
      PROGRESS.STATE.convert(
          Converter.ofNullable(
              String.class, PartitionState.class, PartitionState::of, PartitionState::toString));

  /** The partition's month. */
  public static final Field<YearMonth> MONTH =
      PROGRESS.MONTH.convert(
          Converter.ofNullable(
              LocalDate.class, YearMonth.class, YearMonth::from, month -> month.atDay(1)));

  /** Why a partition is stale whose bars must be read to know what of it is. */
  public static final String BARS_CHANGED = "bars changed";

  private ProgressFields() {}

  /** Returns the order in which partitions are worked on: by month, pair and family. */
  public static List<SortField<?>> order(boolean newestFirst) {
    return List.of(
        newestFirst ? PROGRESS.MONTH.desc() : PROGRESS.MONTH.asc(),
        PROGRESS.PAIR.asc(),
        PROGRESS.FAMILY.asc());
  }

  /** Returns the partitions that meet a condition, in the order to work on them. */
  public static List<Partition> select(DSLContext sql, Condition wanted, boolean newestFirst) {
    return sql.select(PROGRESS.FAMILY, PROGRESS.PAIR, MONTH)
        .from(PROGRESS)
        .where(wanted)
        .orderBy(order(newestFirst))
        .fetch(row -> new Partition(row.value1(), row.value2(), row.value3()));
  }
}
