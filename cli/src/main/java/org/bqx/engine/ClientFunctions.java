package org.bqx.engine;

import static org.bqx.jooq.Tables.FEATURE;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.bqx.functions.FeatureFunctions;
import org.bqx.kernel.Families;
import org.jooq.DSLContext;

/** The functions of this program beside those that a database is migrated to. */
public final class ClientFunctions {
  private ClientFunctions() {}

  /** Returns the families whose revisions differ. */
  public static List<String> ofOtherRevision(DSLContext sql) {
    return sql
        .select(FEATURE.FAMILY, FEATURE.FUNCTIONS_VERSION)
        .from(FEATURE)
        .orderBy(FEATURE.FAMILY_NO)
        .fetch()
        .stream()
        .filter(row -> !Objects.equals(row.value2(), version(row.value1())))
        .map(row -> row.value1())
        .toList();
  }

  /** Returns the revision of a family, null where this program does not have it. */
  static String version(String family) {
    if (!Families.names().contains(family)) {
      return null;
    }
    try {
      return FeatureFunctions.functionsVersion(family);
    } catch (SQLException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
