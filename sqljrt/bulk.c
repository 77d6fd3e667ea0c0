/*
 * bulk.c
 *		Tuples into a table that the same transaction made, many at a time.
 *
 * An INSERT finds a page for each tuple, pins, locks and marks it, and copies
 * the tuple twice. Here that is done once for many tuples, by what COPY uses,
 * heap_multi_insert().
 *
 * Where the table is not logged (wal_level is minimal, and the server writes
 * and flushes it at commit), even a page's way through shared buffers can be
 * saved: it would be written empty first, and full at commit. Pages are then
 * filled in private memory and appended to the file, as CLUSTER does in
 * rewriteheap.c. That asks for a table without any page: none can be in a
 * buffer, and nobody else can see it or extend it.
 *
 * Others must not be able to tell. So all this is only for a table that nobody
 * else sees yet, where nothing looks at a row or at the table while rows come:
 * no index, no trigger, no partition's bounds, no generated column. rowsplan.c has
 * looked at what the plan does, here it is the table. NOT NULL and CHECK are
 * kept as an INSERT keeps them, with its errors. Rows are not frozen: a snapshot
 * older than the commit must not see them.
 */
#include "sqljrt.h"

#include "access/heapam.h"
#include "access/heaptoast.h"
#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "storage/smgr.h"
#include "utils/rel.h"

/* Together in the processor's nearest cache: more at once are slower */
#define TUPLES	32

/* What direct I/O wants, which newer versions know */
#define ALIGNMENT	4096

/* A tuple that waits, in memory of its own that is used again */
typedef struct Waiting
{
	HeapTuple	tuple;			/* that of the slot */
	uint32		size;			/* what there is room for */
	uint64		serial;			/* of what it is a copy of, but for its numbers */
} Waiting;

struct Bulk
{
	EState	   *estate;
	ResultRelInfo *target;
	Relation	relation;
	bool		check_each;		/* there is more to check than NOT NULL */
	uint64		checked;		/* tuples up to this serial keep NOT NULL */
	TupleTableSlot *slot;		/* of the tuple that is checked */

	char	   *page;			/* that is being filled, or NULL */
	BlockNumber block;			/* its number */
	uint64		appended;		/* tuples, in pages of ours */

	BulkInsertState state;
	int			count;
	Waiting		waiting[TUPLES];
	TupleTableSlot *slots[TUPLES];
};

bool		enable_bulk_insert = true;

/* Whether a table is new, and nothing is to be done with a row but to check its columns */
static bool
is_for_bulk(const ResultRelInfo *target)
{
	Relation	relation = target->ri_RelationDesc;
	const TupleConstr *constraints = RelationGetDescr(relation)->constr;

	return relation->rd_createSubid != InvalidSubTransactionId &&
		relation->rd_rel->relkind == RELKIND_RELATION &&
		relation->rd_tableam == GetHeapamTableAmRoutine() &&
		!relation->rd_rel->relhasindex && !relation->rd_rel->relispartition &&
		target->ri_TrigDesc == NULL && target->ri_WithCheckOptions == NIL &&
#if PG_VERSION_NUM >= 180000
		!(constraints != NULL && constraints->has_generated_virtual) &&
#endif
		!(constraints != NULL && constraints->has_generated_stored);
}

/* Whether pages can be appended to a table's file */
static bool
is_for_pages(Relation relation)
{
	return relation->rd_rel->relpersistence == RELPERSISTENCE_PERMANENT && !RelationNeedsWAL(relation) &&
		RelationGetNumberOfBlocks(relation) == 0;
}

/* Begins to insert into a table of the range table, or returns NULL if that is for the INSERT to do */
Bulk *
begin_bulk(EState *estate, Index target)
{
	ResultRelInfo *info = estate->es_result_relations[target - 1];
	const TupleConstr *constraints;
	MemoryContext context;
	Bulk	   *bulk;

	if (!enable_bulk_insert || info == NULL || !is_for_bulk(info))
		return NULL;
	context = MemoryContextSwitchTo(estate->es_query_cxt);
	bulk = palloc0(sizeof(Bulk));
	bulk->estate = estate;
	bulk->target = info;
	bulk->relation = info->ri_RelationDesc;
	constraints = RelationGetDescr(bulk->relation)->constr;
	bulk->check_each = constraints != NULL && constraints->num_check > 0;
	bulk->checked = constraints != NULL ? 0 : PG_UINT64_MAX;
	bulk->slot = ExecInitExtraTupleSlot(estate, RelationGetDescr(bulk->relation), &TTSOpsHeapTuple);
	if (is_for_pages(bulk->relation))
	{
		bulk->page = (char *) TYPEALIGN(ALIGNMENT, palloc(BLCKSZ + ALIGNMENT));
		PageInit(bulk->page, BLCKSZ, 0);
	}
	bulk->state = GetBulkInsertState();
	MemoryContextSwitchTo(context);
	return bulk;
}

/*
 * The next tuple to be inserted, a copy of another. Its numbers may be those
 * of a tuple before that had the same serial.
 */
HeapTuple
bulk_tuple(Bulk *bulk, HeapTuple like, uint64 serial)
{
	Waiting    *next = &bulk->waiting[bulk->count];
	TupleTableSlot **slot = &bulk->slots[bulk->count];

	if (next->serial == serial)
		return next->tuple;
	if (next->size < like->t_len)
	{
		MemoryContext context = MemoryContextSwitchTo(bulk->estate->es_query_cxt);

		if (*slot == NULL)
			*slot = ExecInitExtraTupleSlot(bulk->estate, RelationGetDescr(bulk->relation), &TTSOpsHeapTuple);
		next->size = like->t_len;
		next->tuple = palloc(HEAPTUPLESIZE + like->t_len);
		next->tuple->t_data = (HeapTupleHeader) ((char *) next->tuple + HEAPTUPLESIZE);
		/* the slot's own, or it would be copied; a smaller one before is freed */
		ExecStoreHeapTuple(next->tuple, *slot, true);
		MemoryContextSwitchTo(context);
	}
	next->serial = serial;
	next->tuple->t_len = like->t_len;
	ItemPointerSetInvalid(&next->tuple->t_self);
	next->tuple->t_tableOid = RelationGetRelid(bulk->relation);
	memcpy(next->tuple->t_data, like->t_data, like->t_len);
	return next->tuple;
}

/* Keeps the constraints of a tuple's columns, or fails as an INSERT does */
static void
check_tuple(Bulk *bulk, const Waiting *tuple)
{
	/* which columns are null is the same as long as the serial is */
	if (!bulk->check_each && bulk->checked >= tuple->serial)
		return;
	ExecStoreHeapTuple(tuple->tuple, bulk->slot, false);
	bulk->slot->tts_tableOid = RelationGetRelid(bulk->relation);
	ExecConstraints(bulk->target, bulk->slot, bulk->estate);
	ResetPerTupleExprContext(bulk->estate);
	bulk->checked = Max(bulk->checked, tuple->serial);
}

/* Appends the page to the file, which is flushed at commit */
static void
append_page(Bulk *bulk)
{
	PageSetChecksumInplace(bulk->page, bulk->block);
	smgrextend(RelationGetSmgr(bulk->relation), MAIN_FORKNUM, bulk->block, bulk->page, true);
	PageInit(bulk->page, BLCKSZ, 0);
	bulk->block++;
}

/* Puts a tuple into the page, with the header that heap_insert() would give it */
static void
put_tuple(Bulk *bulk, HeapTuple tuple)
{
	HeapTupleHeader header = tuple->t_data;
	OffsetNumber offset;

	header->t_infomask &= ~HEAP_XACT_MASK;
	header->t_infomask2 &= ~HEAP2_XACT_MASK;
	header->t_infomask |= HEAP_XMAX_INVALID;
	HeapTupleHeaderSetXmin(header, GetCurrentTransactionId());
	HeapTupleHeaderSetCmin(header, bulk->estate->es_output_cid);
	HeapTupleHeaderSetXmax(header, InvalidTransactionId);

	if (!PageIsEmpty(bulk->page) && PageGetHeapFreeSpace(bulk->page) < MAXALIGN(tuple->t_len) +
		RelationGetTargetPageFreeSpace(bulk->relation, HEAP_DEFAULT_FILLFACTOR))
		append_page(bulk);
	/* its own place, not known before it has one */
	offset = OffsetNumberNext(PageGetMaxOffsetNumber(bulk->page));
	ItemPointerSet(&header->t_ctid, bulk->block, offset);
	if (PageAddItem(bulk->page, (Item) header, tuple->t_len, offset, false, true) != offset)
		elog(ERROR, "failed to add a tuple to a page");
	bulk->appended++;
}

/* No more pages of ours: what follows is for heap_multi_insert() */
static void
end_pages(Bulk *bulk)
{
	if (bulk->appended > 0)
		append_page(bulk);
	pgstat_count_heap_insert(bulk->relation, bulk->appended);
	bulk->page = NULL;
}

static void
insert_waiting(Bulk *bulk)
{
	MemoryContext context = MemoryContextSwitchTo(GetPerTupleMemoryContext(bulk->estate));

	table_multi_insert(bulk->relation, bulk->slots, bulk->count, bulk->estate->es_output_cid,
					   TABLE_INSERT_SKIP_FSM, bulk->state);
	MemoryContextSwitchTo(context);
	ResetPerTupleExprContext(bulk->estate);
	bulk->count = 0;
}

/* Inserts the tuple that bulk_tuple() returned, now or with those that follow */
void
bulk_insert(Bulk *bulk)
{
	Waiting    *next = &bulk->waiting[bulk->count];

	check_tuple(bulk, next);
	/* a wide tuple may have to be made smaller, or be refused */
	if (bulk->page != NULL && next->tuple->t_len > TOAST_TUPLE_THRESHOLD)
		end_pages(bulk);
	if (bulk->page != NULL)
		put_tuple(bulk, next->tuple);
	else if (++bulk->count == TUPLES)
		insert_waiting(bulk);
}

/* Inserts what waits */
void
end_bulk(Bulk *bulk)
{
	if (bulk->page != NULL)
		end_pages(bulk);
	if (bulk->count > 0)
		insert_waiting(bulk);
	FreeBulkInsertState(bulk->state);
	table_finish_bulk_insert(bulk->relation, TABLE_INSERT_SKIP_FSM);
}
