package org.bqx.partition;

import org.bqx.jooq.Tables;
import org.jooq.DSLContext;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.MappedTable;
import org.jooq.conf.RenderMapping;

/**
 * What is computed for a month of a pair at a time. How it stands with it one view says for each of
 * them, {@code bqx.progress} or another in the same columns.
 */
public enum Work {
  /** The rows of families. */
  FEATURES("progress"),
  /** The correlations of features with targets; a partition's family is the target. */
  CORRELATIONS("correlation_progress");

  private final String view;

  Work(String view) {
    this.view = view;
  }

  /** Returns statements in which {@code bqx.progress} is the view of this work. */
  public DSLContext on(DSLContext sql) {
    RenderMapping mapping =
        new RenderMapping()
            .withSchemata(
                new MappedSchema()
                    .withInput(Tables.PROGRESS.getSchema().getName())
                    .withTables(
                        new MappedTable().withInput(Tables.PROGRESS.getName()).withOutput(view)));
    return sql.configuration().deriveSettings(known -> known.withRenderMapping(mapping)).dsl();
  }
}
