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
#include "access/transam.h"
#include "access/tupmacs.h"
#include "access/xact.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"
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
	Datum	   *values;			/* room for a row that is taken apart */
	bool	   *nulls;
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
	numbers.values = palloc(descriptor->natts * sizeof(Datum));
	numbers.nulls = palloc(descriptor->natts * sizeof(bool));
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
copy_each(const Numbers *numbers, HeapTuple tuple, float8 *row)
{
	heap_deform_tuple(tuple, numbers->descriptor, numbers->values, numbers->nulls);
	for (int i = 0; i < numbers->width; i++)
	{
		int			column = numbers->columns[i];

		if (numbers->nulls[column])
			row[i] = get_float8_nan();
		else if (numbers->is_time[i])
			row[i] = time_as_number(DatumGetTimestampTz(numbers->values[column]));
		else
			row[i] = DatumGetFloat8(numbers->values[column]);
	}
}

static void
copy_row(const Numbers *numbers, HeapTuple tuple, float8 *row)
{
	if (numbers->are_neighbours && !HeapTupleHasNulls(tuple) &&
		HeapTupleHeaderGetNatts(tuple->t_data) == numbers->descriptor->natts)
		copy_neighbours(numbers, tuple, row);
	else
		copy_each(numbers, tuple, row);
}

/*
 * Whether a snapshot sees a tuple. One that was inserted and never touched
 * since, as most are here, is not marked as committed, as a scan would do:
 * the whole table would be written again because it was read.
 */
static bool
is_visible(HeapTuple tuple, Snapshot snapshot, Buffer buffer)
{
	const uint16 known = HEAP_XMIN_COMMITTED | HEAP_XMIN_INVALID | HEAP_MOVED;
	TransactionId inserter = HeapTupleHeaderGetRawXmin(tuple->t_data);

	if ((tuple->t_data->t_infomask & (known | HEAP_XMAX_INVALID)) == HEAP_XMAX_INVALID &&
		!TransactionIdIsCurrentTransactionId(inserter) &&
		!XidInMVCCSnapshot(inserter, snapshot) &&
		TransactionIdDidCommit(inserter))
		return true;
	return HeapTupleSatisfiesVisibility(tuple, snapshot, buffer);
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
	if (relation->rd_tableam != GetHeapamTableAmRoutine())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" is not a heap", RelationGetRelationName(relation))));
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

/* An array of numbers that grows */
typedef struct Result
{
	Relation	relation;
	ArrayType  *array;
	Size		room;
	Size		used;
} Result;

static const Size most_numbers = (MaxAllocSize - ARR_OVERHEAD_NONULLS(1)) / sizeof(float8);

/* Room for as many rows as pages can have, if they lack no number and none is dead */
static void
begin_result(Result *result, Relation relation, int width, BlockNumber pages)
{
	Size		row = sizeof(ItemIdData) + MAXALIGN(SizeofHeapTupleHeader) + width * sizeof(float8);
	Size		rows = Max((Size) pages * (BLCKSZ / row), 16);

	result->relation = relation;
	result->room = Min(rows * width, most_numbers);
	result->used = 0;
	result->array = palloc(ARR_OVERHEAD_NONULLS(1) + result->room * sizeof(float8));
}

static float8 *
next_row(Result *result, int width)
{
	float8	   *row;

	if (result->room - result->used < width)
	{
		result->room = Min(result->room * 2, most_numbers);
		if (result->room - result->used < width)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("table \"%s\" is too large for an array",
							RelationGetRelationName(result->relation))));
		result->array = repalloc(result->array, ARR_OVERHEAD_NONULLS(1) + result->room * sizeof(float8));
	}
	row = (float8 *) ((char *) result->array + ARR_OVERHEAD_NONULLS(1)) + result->used;
	result->used += width;
	return row;
}

/*
 * Pages that are not in shared_buffers are read into this small ring, one for
 * the whole session. Else each would evict another page, and the session would
 * map all of shared_buffers, page fault by page fault.
 */
static BufferAccessStrategy
get_ring(void)
{
	static BufferAccessStrategy ring = NULL;

	if (ring == NULL)
	{
		MemoryContext context = MemoryContextSwitchTo(TopMemoryContext);

		ring = GetAccessStrategy(BAS_BULKREAD);
		MemoryContextSwitchTo(context);
	}
	return ring;
}

static void
copy_page(const Numbers *numbers, BlockNumber block, Snapshot snapshot, Result *result)
{
	Relation	relation = result->relation;
	Buffer		buffer = ReadBufferExtended(relation, MAIN_FORKNUM, block, RBM_NORMAL, get_ring());
	Page		page = BufferGetPage(buffer);
	OffsetNumber last;
	bool		are_all_visible;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
#if PG_VERSION_NUM < 170000
	TestForOldSnapshot(snapshot, relation, page);
#endif
	last = PageGetMaxOffsetNumber(page);
	are_all_visible = PageIsAllVisible(page) && !snapshot->takenDuringRecovery;
	for (OffsetNumber offset = FirstOffsetNumber; offset <= last; offset++)
	{
		ItemId		item = PageGetItemId(page, offset);
		HeapTupleData tuple;
		bool		visible;

		if (!ItemIdIsNormal(item))
			continue;
		tuple.t_data = (HeapTupleHeader) PageGetItem(page, item);
		tuple.t_len = ItemIdGetLength(item);
		tuple.t_tableOid = RelationGetRelid(relation);
		ItemPointerSet(&tuple.t_self, block, offset);
		visible = are_all_visible || is_visible(&tuple, snapshot, buffer);
		HeapCheckForSerializableConflictOut(visible, relation, &tuple, buffer, snapshot);
		if (visible)
			copy_row(numbers, &tuple, next_row(result, numbers->width));
	}
	UnlockReleaseBuffer(buffer);
}

/*
 * The columns float8 and timestamptz of a table's rows, one row after the
 * other in the order in which they lie there: a time as microseconds since
 * 2000, NULL as NaN. Of some pages, or, as in version 1.1, of all.
 */
Datum
read_rows(PG_FUNCTION_ARGS)
{
	Relation	relation = open_table(PG_GETARG_OID(0));
	Numbers		numbers = find_numbers(RelationGetDescr(relation));
	Snapshot	snapshot = GetActiveSnapshot();
	BlockNumber size = RelationGetNumberOfBlocks(relation);
	int64		first = PG_NARGS() > 1 ? PG_GETARG_INT64(1) : 0;
	int64		pages = PG_NARGS() > 1 ? PG_GETARG_INT32(2) : (int64) size;
	Result		result;

	if (first < 0 || pages < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("pages from %lld on, %lld: must not be negative", (long long) first, (long long) pages)));
	first = Min(first, size);
	pages = Min(pages, size - first);
	PredicateLockRelation(relation, snapshot);
	begin_result(&result, relation, numbers.width, pages);
	for (BlockNumber page = first; numbers.width > 0 && page < first + pages; page++)
	{
		CHECK_FOR_INTERRUPTS();
		copy_page(&numbers, page, snapshot, &result);
	}
	relation_close(relation, NoLock);

	if (result.used == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(FLOAT8OID));
	SET_VARSIZE(result.array, ARR_OVERHEAD_NONULLS(1) + result.used * sizeof(float8));
	result.array->ndim = 1;
	result.array->dataoffset = 0;
	result.array->elemtype = FLOAT8OID;
	ARR_DIMS(result.array)[0] = result.used;
	ARR_LBOUND(result.array)[0] = 1;
	PG_RETURN_ARRAYTYPE_P(result.array);
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
