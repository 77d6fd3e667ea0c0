/*
 * rows.c
 *		Rows that Java computed as arrays, straight into tuples.
 *
 * INSERT INTO t SELECT 'x', key, a[1], ..., a[55]
 * FROM (SELECT unnest(keys) AS key, java_rows(...) AS a) s
 *
 * evaluates an expression for each number and then copies the number once
 * more to form the tuple: that takes longer than all else. rowsplan.c puts a
 * Custom Scan (JavaRows) of the same output in the place of the Subquery Scan.
 * It forms a tuple once. The next row differs from it only in numbers of
 * fixed width at fixed places, as long as the same columns are null and the
 * array is as long: those are copied into the tuple, neighbours at once.
 *
 * A column may be NULLIF(a[1], 'NaN') too. Such columns change between null
 * and a number from row to row, back and forth: so the tuples of the last
 * few shapes, that is, of the same columns null, are kept.
 *
 * The INSERT above it takes the tuples one by one, or, where bulk.c says that
 * nobody could tell the difference, none: then they go into the table here.
 */
#include "rows.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/tupmacs.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#else
#include "commands/explain.h"
#endif
#include "executor/executor.h"
#include "utils/array.h"

#define SHAPES	16

/* A column of the tuple: of the rows below, element 0 being the whole, or a constant */
typedef struct Column
{
	AttrNumber	source;			/* 0 for a constant */
	int			element;
	bool		nullif;			/* NaN is null */
} Column;

/* Elements of the array that are neighbours in the tuple too */
typedef struct Run
{
	int			element;
	int			count;
	uint32		offset;			/* in the tuple's data */
	bool		nullif;			/* none of them is NaN */
} Run;

/* A tuple, and where its numbers are */
typedef struct Shape
{
	HeapTuple	tuple;			/* NULL if there is none yet */
	uint64		serial;			/* of the tuple, from 1 */
	bool	   *isnull;			/* of each column */
	int			length;			/* of the array */
	uint32	   *offsets;		/* of each column in the tuple's data, if it is not null */
	int			nruns;
	Run		   *runs;
	int			nnans;
	int		   *nans;			/* elements that are null for being NaN */
} Shape;

typedef struct JavaRows
{
	CustomScanState scan;
	TupleTableSlot *slot;
	AttrNumber	array;			/* the only array below */
	int			ncolumns;
	Column	   *columns;
	int			nplain;
	int		   *plain;			/* columns that are a column of the rows below */
	Datum	   *values;			/* of the tuple to be formed; constants stay */
	bool	   *isnull;
	Shape		shapes[SHAPES];
	Shape	   *shape;			/* of the last row */
	int			oldest;			/* shape, whose turn it is to be replaced */
	uint64		serial;			/* of the last tuple that was formed */
	Index		target;			/* the table of the INSERT, 0 if it takes the tuples one by one */
	bool		inserted;		/* all rows, in bulk */
} JavaRows;

static Node *create_state(CustomScan *scan);
static void begin_scan(CustomScanState *node, EState *estate, int flags);
static TupleTableSlot *next_tuple(CustomScanState *node);
static void end_scan(CustomScanState *node);
static void rescan(CustomScanState *node);
static void explain_scan(CustomScanState *node, List *ancestors, ExplainState *es);

const CustomScanMethods java_rows_methods = {"JavaRows", create_state};

static const CustomExecMethods exec_methods = {
	.CustomName = "JavaRows",
	.BeginCustomScan = begin_scan,
	.ExecCustomScan = next_tuple,
	.EndCustomScan = end_scan,
	.ReScanCustomScan = rescan,
	.ExplainCustomScan = explain_scan,
};

static Node *
create_state(CustomScan *scan)
{
	JavaRows   *state = palloc0(sizeof(JavaRows));

	NodeSetTag(state, T_CustomScanState);
	state->scan.methods = &exec_methods;
	return (Node *) state;
}

static void
begin_scan(CustomScanState *node, EState *estate, int flags)
{
	JavaRows   *state = (JavaRows *) node;
	CustomScan *scan = (CustomScan *) node->ss.ps.plan;
	TupleDesc	descriptor = node->ss.ss_ScanTupleSlot->tts_tupleDescriptor;
	List	   *sources = linitial(scan->custom_private);

	state->target = linitial_int(lsecond(scan->custom_private));
	node->custom_ps = list_make1(ExecInitNode(linitial(scan->custom_plans), estate, flags));
	state->slot = ExecInitExtraTupleSlot(estate, descriptor, &TTSOpsHeapTuple);
	node->ss.ps.resultops = &TTSOpsHeapTuple;
	state->ncolumns = descriptor->natts;
	state->columns = palloc0(state->ncolumns * sizeof(Column));
	state->plain = palloc(state->ncolumns * sizeof(int));
	state->values = palloc0(state->ncolumns * sizeof(Datum));
	state->isnull = palloc0(state->ncolumns * sizeof(bool));
	for (int i = 0; i < state->ncolumns; i++)
	{
		List	   *source = list_nth(sources, i);
		Column	   *column = &state->columns[i];

		column->source = linitial_int(source);
		column->element = lsecond_int(source);
		column->nullif = lthird_int(source);
		if (column->source == 0)
		{
			TargetEntry *entry = list_nth(scan->custom_scan_tlist, i);

			state->values[i] = ((Const *) entry->expr)->constvalue;
			state->isnull[i] = ((Const *) entry->expr)->constisnull;
		}
		else if (column->element > 0)
			state->array = column->source;
		else
			state->plain[state->nplain++] = i;
	}
}

/* Where the columns are in the tuple, by the rules of heap_deform_tuple() */
static void
locate_columns(JavaRows *state, Shape *shape)
{
	TupleDesc	descriptor = state->slot->tts_tupleDescriptor;
	char	   *data = (char *) shape->tuple->t_data + shape->tuple->t_data->t_hoff;
	Run		   *run = NULL;
	uint32		offset = 0;

	shape->nruns = 0;
	shape->nnans = 0;
	for (int i = 0; i < state->ncolumns; i++)
	{
		Column	   *column = &state->columns[i];
		Form_pg_attribute attribute = TupleDescAttr(descriptor, i);

		if (shape->isnull[i])
		{
			if (column->nullif && column->element <= shape->length)
				shape->nans[shape->nnans++] = column->element;
			continue;
		}
		offset = att_align_pointer(offset, attribute->attalign, attribute->attlen, data + offset);
		shape->offsets[i] = offset;
		if (column->element > 0)
		{
			if (run != NULL && column->element == run->element + run->count &&
				offset == run->offset + run->count * sizeof(float8) && column->nullif == run->nullif)
				run->count++;
			else
			{
				run = &shape->runs[shape->nruns++];
				*run = (Run) {column->element, 1, offset, column->nullif};
			}
		}
		offset = att_addlength_pointer(offset, attribute->attlen, data + offset);
	}
}

/* The row's values and nulls, into those of the state */
static void
read_row(JavaRows *state, TupleTableSlot *row, const float8 *elements, int length)
{
	for (int i = 0; i < state->ncolumns; i++)
	{
		Column	   *column = &state->columns[i];

		if (column->element > 0)
		{
			state->isnull[i] = column->element > length ||
				(column->nullif && isnan(elements[column->element - 1]));
			if (!state->isnull[i])
				state->values[i] = Float8GetDatum(elements[column->element - 1]);
		}
		else if (column->source != 0)
		{
			state->isnull[i] = row->tts_isnull[column->source - 1];
			state->values[i] = row->tts_values[column->source - 1];
		}
	}
}

/* A shape in the place of the oldest, with the tuple of the state's values */
static Shape *
form_tuple(JavaRows *state, int length)
{
	MemoryContext context = MemoryContextSwitchTo(state->scan.ss.ps.state->es_query_cxt);
	Shape	   *shape = &state->shapes[state->oldest];

	state->oldest = (state->oldest + 1) % SHAPES;
	if (shape->tuple != NULL)
		heap_freetuple(shape->tuple);
	else
	{
		shape->isnull = palloc(state->ncolumns * sizeof(bool));
		shape->offsets = palloc(state->ncolumns * sizeof(uint32));
		shape->runs = palloc(state->ncolumns * sizeof(Run));
		shape->nans = palloc(state->ncolumns * sizeof(int));
	}
	shape->tuple = heap_form_tuple(state->slot->tts_tupleDescriptor, state->values, state->isnull);
	shape->serial = ++state->serial;
	memcpy(shape->isnull, state->isnull, state->ncolumns * sizeof(bool));
	shape->length = length;
	locate_columns(state, shape);
	MemoryContextSwitchTo(context);
	return shape;
}

/* The shape of a row, kept or new */
static Shape *
find_shape(JavaRows *state, TupleTableSlot *row, const float8 *elements, int length)
{
	read_row(state, row, elements, length);
	for (int i = 0; i < SHAPES && state->shapes[i].tuple != NULL; i++)
	{
		Shape	   *shape = &state->shapes[i];

		if (shape->length == length &&
			memcmp(shape->isnull, state->isnull, state->ncolumns * sizeof(bool)) == 0)
			return shape;
	}
	return form_tuple(state, length);
}

/* Two at a time, as one comparison tells of both */
static bool
has_nan(const float8 *values, int count)
{
	for (int i = 0; i + 1 < count; i += 2)
	{
		if (isunordered(values[i], values[i + 1]))
			return true;
	}
	return count % 2 != 0 && isnan(values[count - 1]);
}

/* Whether the same columns of a row are null */
static bool
has_shape(JavaRows *state, const Shape *shape, TupleTableSlot *row, const float8 *elements, int length)
{
	if (shape->length != length)
		return false;
	for (int i = 0; i < state->nplain; i++)
	{
		int			column = state->plain[i];

		if (row->tts_isnull[state->columns[column].source - 1] != shape->isnull[column])
			return false;
	}
	for (int i = 0; i < shape->nruns; i++)
	{
		const Run  *run = &shape->runs[i];

		if (run->nullif && has_nan(elements + run->element - 1, run->count))
			return false;
	}
	for (int i = 0; i < shape->nnans; i++)
	{
		if (!isnan(elements[shape->nans[i] - 1]))
			return false;
	}
	return true;
}

/* A row of the set below */
typedef struct Row
{
	TupleTableSlot *slot;
	const float8 *elements;
	int			length;
} Row;

/* Makes a tuple of the row's shape that of the row */
static void
change_tuple(JavaRows *state, const Shape *shape, HeapTuple tuple, const Row *row)
{
	TupleDesc	descriptor = state->slot->tts_tupleDescriptor;
	char	   *data = (char *) tuple->t_data + tuple->t_data->t_hoff;

	for (int i = 0; i < state->nplain; i++)
	{
		int			column = state->plain[i];

		if (!shape->isnull[column])
			store_att_byval(data + shape->offsets[column],
							row->slot->tts_values[state->columns[column].source - 1],
							TupleDescAttr(descriptor, column)->attlen);
	}
	for (int i = 0; i < shape->nruns; i++)
	{
		const Run  *run = &shape->runs[i];

		memcpy(data + run->offset, row->elements + run->element - 1, run->count * sizeof(float8));
	}
}

/* Reads the next row and finds its shape; false after the last */
static bool
next_row(JavaRows *state, Row *row)
{
	row->slot = ExecProcNode(linitial(state->scan.custom_ps));
	if (TupIsNull(row->slot))
		return false;
	slot_getallattrs(row->slot);
	row->elements = NULL;
	row->length = 0;
	if (!row->slot->tts_isnull[state->array - 1])
	{
		/* as array_from_java() makes them: flat, without nulls, counted from 1 */
		ArrayType  *array = DatumGetArrayTypeP(row->slot->tts_values[state->array - 1]);

		row->elements = (const float8 *) ARR_DATA_PTR(array);
		row->length = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
	}
	if (state->shape == NULL || !has_shape(state, state->shape, row->slot, row->elements, row->length))
		state->shape = find_shape(state, row->slot, row->elements, row->length);
	return true;
}

/* Inserts all rows */
static void
insert_rows(JavaRows *state, Bulk *bulk)
{
	PlanState  *plan = &state->scan.ss.ps;
	uint64		inserted = 0;
	Row			row;

	for (; next_row(state, &row); inserted++)
	{
		const Shape *shape = state->shape;

		change_tuple(state, shape, bulk_tuple(bulk, shape->tuple, shape->serial), &row);
		bulk_insert(bulk);
	}
	end_bulk(bulk);
	plan->state->es_processed += inserted;
	if (plan->instrument != NULL)
		plan->instrument->tuplecount += inserted;
	state->inserted = true;
}

static TupleTableSlot *
next_tuple(CustomScanState *node)
{
	JavaRows   *state = (JavaRows *) node;
	Row			row;

	if (state->target != 0 && state->serial == 0)
	{
		Bulk	   *bulk = begin_bulk(node->ss.ps.state, state->target);

		if (bulk != NULL)
			insert_rows(state, bulk);
	}
	ExecClearTuple(state->slot);
	if (state->inserted || !next_row(state, &row))
		return state->slot;
	change_tuple(state, state->shape, state->shape->tuple, &row);
	return ExecStoreHeapTuple(state->shape->tuple, state->slot, false);
}

static void
end_scan(CustomScanState *node)
{
	ExecEndNode(linitial(node->custom_ps));
}

static void
rescan(CustomScanState *node)
{
	ExecReScan(linitial(node->custom_ps));
}

static void
explain_scan(CustomScanState *node, List *ancestors, ExplainState *es)
{
	if (es->analyze)
		ExplainPropertyBool("Bulk Insert", ((JavaRows *) node)->inserted, es);
}
