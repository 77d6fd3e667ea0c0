package org.bqx.export;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** What a column of an export holds, by PostgreSQL's name of its type. */
enum ColumnType {
  TEXT("text", PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType()),
  TIME(
      "timestamptz",
      PrimitiveTypeName.INT64,
      LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS)),
  DOUBLE("float8", PrimitiveTypeName.DOUBLE, null),
  SMALLINT("int2", PrimitiveTypeName.INT32, null),
  INTEGER("int4", PrimitiveTypeName.INT32, null),
  BIGINT("int8", PrimitiveTypeName.INT64, null);

  private final String typeName;
  private final PrimitiveTypeName physical;
  private final LogicalTypeAnnotation logical;

  ColumnType(String typeName, PrimitiveTypeName physical, LogicalTypeAnnotation logical) {
    this.typeName = typeName;
    this.physical = physical;
    this.logical = logical;
  }

  /** Returns the one that PostgreSQL calls so, null when there is none. */
  static ColumnType of(String typeName) {
    for (ColumnType type : values()) {
      if (type.typeName.equals(typeName)) {
        return type;
      }
    }
    return null;
  }

  /** Returns a Parquet column of this type, which may be NULL. */
  PrimitiveType column(String name) {
    return Types.optional(physical).as(logical).named(name);
  }

  /** Returns what PostgreSQL calls it. */
  @Override
  public String toString() {
    return typeName;
  }
}
