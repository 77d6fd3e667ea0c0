/*
 * table.c
 *		The numbers of a table as an array: sqlj.read_rows(), sqlj.microseconds().
 *
 * A query that gathers the numbers of wide rows takes each tuple apart and
 * evaluates an expression for each column: that takes longer than all that
 * is done with them. Here those of a row, as they are neighbours in the
 * tuple, are copied at once.
 */
#include "sqljrt.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/tupmacs.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/float.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

/* What is read of a table */
typedef struct Numbers
{
	TupleDesc	descriptor;
	int			width;			/* how many columns */
	int		   *columns;		/* which, from 0 */
	bool	   *is_time;
	bool		are_neighbours; /* and the last of the table */
} Numbers;

PG_FUNCTION_INFO_V1(read_rows);
PG_FUNCTION_INFO_V1(microseconds);

/* Microseconds since 2000, exact for the 285 years before and after */
static float8
time_as_number(TimestampTz time)
{
	if (TIMESTAMP_IS_NOBEGIN(time))
		return -get_float8_infinity();
	if (TIMESTAMP_IS_NOEND(time))
		return get_float8_infinity();
	return (float8) time;
}

static Numbers
find_numbers(TupleDesc descriptor)
{
	Numbers		numbers = {descriptor};

	numbers.columns = palloc(descriptor->natts * sizeof(int));
	numbers.is_time = palloc(descriptor->natts * sizeof(bool));
	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);

		if (attribute->attisdropped ||
			(attribute->atttypid != FLOAT8OID && attribute->atttypid != TIMESTAMPTZOID))
			continue;
#if PG_VERSION_NUM >= 180000
		if (attribute->attgenerated == ATTRIBUTE_GENERATED_VIRTUAL)
			continue;			/* a row does not have it */
#endif
		numbers.is_time[numbers.width] = attribute->atttypid == TIMESTAMPTZOID;
		numbers.columns[numbers.width++] = i;
	}
	numbers.are_neighbours = numbers.width > 0 &&
		numbers.columns[0] == descriptor->natts - numbers.width;
	return numbers;
}

/* The numbers of a tuple without nulls, where they are its last columns */
static void
copy_neighbours(const Numbers *numbers, HeapTuple tuple, float8 *row)
{
	const char *data = (const char *) tuple->t_data + tuple->t_data->t_hoff;
	uint32		offset = 0;

	for (int i = 0; i < numbers->columns[0]; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(numbers->descriptor, i);

		offset = att_align_pointer(offset, attribute->attalign, attribute->attlen, data + offset);
		offset = att_addlength_pointer(offset, attribute->attlen, data + offset);
	}
	memcpy(row, data + att_align_nominal(offset, TYPALIGN_DOUBLE), numbers->width * sizeof(float8));
	for (int i = 0; i < numbers->width; i++)
	{
		if (numbers->is_time[i])
		{
			TimestampTz time;

			memcpy(&time, &row[i], sizeof(time));
			row[i] = time_as_number(time);
		}
	}
}

static void
copy_each(const Numbers *numbers, TupleTableSlot *slot, float8 *row)
{
	slot_getallattrs(slot);
	for (int i = 0; i < numbers->width; i++)
	{
		int			column = numbers->columns[i];

		if (slot->tts_isnull[column])
			row[i] = get_float8_nan();
		else if (numbers->is_time[i])
			row[i] = time_as_number(DatumGetTimestampTz(slot->tts_values[column]));
		else
			row[i] = DatumGetFloat8(slot->tts_values[column]);
	}
}

static void
copy_row(const Numbers *numbers, TupleTableSlot *slot, float8 *row)
{
	if (numbers->are_neighbours && TTS_IS_BUFFERTUPLE(slot))
	{
		HeapTuple	tuple = ((BufferHeapTupleTableSlot *) slot)->base.tuple;

		if (!HeapTupleHasNulls(tuple) &&
			HeapTupleHeaderGetNatts(tuple->t_data) == numbers->descriptor->natts)
		{
			copy_neighbours(numbers, tuple, row);
			return;
		}
	}
	copy_each(numbers, slot, row);
}

/* Opens a table that the user may read as a whole */
static Relation
open_table(Oid table)
{
	Relation	relation = relation_open(table, AccessShareLock);
	AclResult	allowed = pg_class_aclcheck(table, GetUserId(), ACL_SELECT);

	if (allowed != ACLCHECK_OK)
		aclcheck_error(allowed, get_relkind_objtype(relation->rd_rel->relkind),
					   RelationGetRelationName(relation));
	if (relation->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a table with rows of its own", RelationGetRelationName(relation))));
	if (RELATION_IS_OTHER_TEMP(relation))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot read temporary tables of other sessions")));
	if (check_enable_rls(table, InvalidOid, false) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" has row-level security", RelationGetRelationName(relation))));
	return relation;
}

/* How many rows a table can have, if they lack no number and none is dead */
static Size
most_rows(Relation relation, const Numbers *numbers)
{
	Size		row = sizeof(ItemIdData) + MAXALIGN(SizeofHeapTupleHeader) + numbers->width * sizeof(float8);

	return Max((Size) RelationGetNumberOfBlocks(relation) * (BLCKSZ / row), 16);
}

/*
 * The columns float8 and timestamptz of a table's rows, one row after the
 * other in the order in which they lie there: a time as microseconds since
 * 2000, NULL as NaN.
 */
Datum
read_rows(PG_FUNCTION_ARGS)
{
	Relation	relation = open_table(PG_GETARG_OID(0));
	Numbers		numbers = find_numbers(RelationGetDescr(relation));
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	/* never from the middle, where another's scan is */
	TableScanDesc scan = table_beginscan_strat(relation, GetActiveSnapshot(), 0, NULL, true, false);
	Size		limit = (MaxAllocSize - ARR_OVERHEAD_NONULLS(1)) / sizeof(float8);
	Size		room = Min(most_rows(relation, &numbers) * numbers.width, limit);
	Size		used = 0;
	ArrayType  *array = palloc(ARR_OVERHEAD_NONULLS(1) + room * sizeof(float8));

	while (numbers.width > 0 && table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		if (room - used < numbers.width)
		{
			room = Min(room * 2, limit);
			if (room - used < numbers.width)
				ereport(ERROR,
						(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						 errmsg("table \"%s\" is too large for an array", RelationGetRelationName(relation))));
			array = repalloc(array, ARR_OVERHEAD_NONULLS(1) + room * sizeof(float8));
		}
		copy_row(&numbers, slot, (float8 *) ((char *) array + ARR_OVERHEAD_NONULLS(1)) + used);
		used += numbers.width;
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	relation_close(relation, NoLock);

	if (used == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(FLOAT8OID));
	SET_VARSIZE(array, ARR_OVERHEAD_NONULLS(1) + used * sizeof(float8));
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = FLOAT8OID;
	ARR_DIMS(array)[0] = used;
	ARR_LBOUND(array)[0] = 1;
	PG_RETURN_ARRAYTYPE_P(array);
}

/* Times as sqlj.read_rows() has them */
Datum
microseconds(PG_FUNCTION_ARGS)
{
	ArrayType  *times = PG_GETARG_ARRAYTYPE_P(0);
	Datum	   *values;
	bool	   *nulls;
	int			count;
	float8	   *numbers;

	deconstruct_array(times, TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &values, &nulls, &count);
	numbers = palloc_extended((Size) count * sizeof(float8) + 1, MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
		numbers[i] = nulls[i] ? get_float8_nan() : time_as_number(DatumGetTimestampTz(values[i]));
	PG_RETURN_DATUM(float8_array(numbers, count));
}
