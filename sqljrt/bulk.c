/*
 * bulk.c
 *		Tuples into a table that the same transaction made, many at a time.
 *
 * An INSERT finds a page for each tuple, pins, locks and marks it, and copies
 * the tuple twice. A page that is new also goes to the file twice: empty when
 * the table grows by it, and full when its buffer is written. Here pages are
 * filled in private memory and appended to the file, many at a time. That asks
 * for a table without any page: none can be in a buffer, and nobody else can
 * see it or extend it. CLUSTER appends pages so in rewriteheap.c, but one by
 * one.
 *
 * With wal_level = minimal such a table is not logged, and the server flushes
 * it at commit. The operating system is told to write the pages to the disk at
 * once: while more rows are computed and the key is built, so that little is
 * left for the commit to wait for. Else the log gets the pages before the file
 * does, as those of a new index, and the next checkpoint flushes the file. To
 * the same end, the process that writes the log is woken while rows come.
 *
 * Rows that pages cannot be appended for go in by what COPY uses, many at a
 * time, heap_multi_insert(): where the log is decoded, which takes rows alone,
 * where it is compressed, as whole pages would be and rows are not, in a table
 * that has pages, is temporary or unlogged, where a row is wide, and behind the
 * first gigabyte.
 *
 * Others must not be able to tell. So all this is only for a table that nobody
 * else sees yet, where nothing looks at a row or at the table while rows come:
 * no index, no trigger, no partition's bounds, no generated column. rowsplan.c has
 * looked at what the plan does, here it is the table. NOT NULL and CHECK are
 * kept as an INSERT keeps them, with its errors; a CHECK that may read the table, or
 * write to it, is for the INSERT. Rows are not frozen: a snapshot older than the
 * commit must not see them.
 */
#include "sqljrt.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/heapam.h"
#include "access/heaptoast.h"
#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "common/relpath.h"
#include "executor/executor.h"
#include "nodes/nodes.h"
#include "optimizer/optimizer.h"
#include "pgstat.h"
#include "port/pg_iovec.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "storage/fd.h"
#include "storage/proc.h"
#include "storage/sync.h"
#include "utils/rel.h"
#include "utils/wait_event.h"

#if PG_VERSION_NUM < 160000
#define rd_locator	rd_node
#define rlocator	rnode
#endif

/* Together in the processor's nearest cache: more at once are slower */
#define TUPLES	32

/* Pages that are appended together: few enough to stay in the processor's cache, and for one record of the log */
#define PAGES	32

/*
 * What one call of the operating system writes at most. Linux caches so much in
 * memory that was used last; for more at once it takes what lay idle, which a
 * virtual machine may have to get from its host first.
 */
#define PIECE	(32 * 1024)

/* Bytes of log that are worth a word to the process which writes it */
#define LOGGED		(1024 * 1024)

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

	char	   *pages;			/* PAGES of them, or NULL */
	int			filled;			/* how many of them are full */
	BlockNumber block;			/* the number of the first */
	int			file;			/* that they are appended to */
	uint64		appended;		/* tuples, in pages of ours */

	BulkInsertState state;
	XLogRecPtr	logged;			/* up to where that process knows of */
	int			count;
	Waiting		waiting[TUPLES];
	TupleTableSlot *slots[TUPLES];
};

bool		enable_bulk_insert = true;

/* Whether a constraint calls a function that may see the rows before its own */
static bool
has_volatile_check(const TupleConstr *constraints)
{
	for (int i = 0; constraints != NULL && i < constraints->num_check; i++)
	{
		if (contain_volatile_functions(stringToNode(constraints->check[i].ccbin)))
			return true;
	}
	return false;
}

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
		!(constraints != NULL && constraints->has_generated_stored) && !has_volatile_check(constraints);
}

/* Whether pages can be appended to a table's file */
static bool
is_for_pages(Relation relation)
{
	return relation->rd_rel->relpersistence == RELPERSISTENCE_PERMANENT &&
		!(RelationNeedsWAL(relation) && (XLogLogicalInfoActive() || wal_compression != WAL_COMPRESSION_NONE)) &&
		RelationGetNumberOfBlocks(relation) == 0;
}

/* The path of a table's file, its first if it has more */
static const char *
file_path(Relation relation)
{
#if PG_VERSION_NUM >= 180000
	return pstrdup(relpathperm(relation->rd_locator, MAIN_FORKNUM).str);
#else
	return relpathperm(relation->rd_locator, MAIN_FORKNUM);
#endif
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
		const char *path = file_path(bulk->relation);

		bulk->pages = palloc(PAGES * BLCKSZ);
		PageInit(bulk->pages, BLCKSZ, 0);
		bulk->file = OpenTransientFile(path, O_WRONLY | PG_BINARY);
		if (bulk->file < 0)
			ereport(ERROR, (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path)));
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
	const bool	is_new = next->size < like->t_len;

	if (next->serial == serial)
		return next->tuple;
	if (is_new)
	{
		MemoryContext context = MemoryContextSwitchTo(bulk->estate->es_query_cxt);

		if (*slot == NULL)
			*slot = ExecInitExtraTupleSlot(bulk->estate, RelationGetDescr(bulk->relation), &TTSOpsHeapTuple);
		next->size = like->t_len;
		next->tuple = palloc(HEAPTUPLESIZE + like->t_len);
		next->tuple->t_data = (HeapTupleHeader) ((char *) next->tuple + HEAPTUPLESIZE);
		MemoryContextSwitchTo(context);
	}
	next->serial = serial;
	next->tuple->t_len = like->t_len;
	ItemPointerSetInvalid(&next->tuple->t_self);
	next->tuple->t_tableOid = RelationGetRelid(bulk->relation);
	memcpy(next->tuple->t_data, like->t_data, like->t_len);
	/* the slot's own, or it would be copied; a smaller one before is freed; what is stored may be looked at */
	if (is_new)
		ExecStoreHeapTuple(next->tuple, *slot, true);
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

/* Has what is logged flushed meanwhile, not when the commit waits for it */
static void
flush_log(Bulk *bulk)
{
	if (XactLastRecEnd > bulk->logged + LOGGED)
	{
		bulk->logged = XactLastRecEnd;
		XLogSetAsyncXactLSN(XactLastRecEnd);
	}
}

/* Writes the full pages to the end of the file; says with errno that it cannot */
static bool
write_pages(Bulk *bulk)
{
	const size_t size = (size_t) bulk->filled * BLCKSZ;
	const off_t start = (off_t) bulk->block * BLCKSZ;
	size_t		written = 0;

	for (int i = 0; i < bulk->filled; i++)
		PageSetChecksumInplace(bulk->pages + i * BLCKSZ, bulk->block + i);
	pgstat_report_wait_start(WAIT_EVENT_DATA_FILE_EXTEND);
	while (written < size)
	{
		ssize_t		result;

		errno = 0;
		result = pg_pwrite(bulk->file, bulk->pages + written, Min(size - written, PIECE), start + written);
		if (result <= 0)
		{
			/* said by nobody, it is that */
			errno = errno != 0 ? errno : ENOSPC;
			break;
		}
		written += result;
	}
	pgstat_report_wait_end();
	return written == size;
}

/*
 * Logs the full pages and writes them; says with errno that it cannot. A
 * checkpoint that begins meanwhile, and so behind the log's record of them,
 * waits until it is asked to flush the file.
 */
static bool
log_pages(Bulk *bulk)
{
	Relation	relation = bulk->relation;
	BlockNumber blocks[PAGES];
	Page		pages[PAGES];
	FileTag		tag;
	bool		is_written;

	for (int i = 0; i < bulk->filled; i++)
	{
		blocks[i] = bulk->block + i;
		pages[i] = bulk->pages + i * BLCKSZ;
	}
	memset(&tag, 0, sizeof(tag));
	tag.handler = SYNC_HANDLER_MD;
	tag.forknum = MAIN_FORKNUM;
	tag.rlocator = relation->rd_locator;
	MyProc->delayChkptFlags |= DELAY_CHKPT_START;
	log_newpages(&relation->rd_locator, MAIN_FORKNUM, bulk->filled, blocks, pages, true);
	is_written = write_pages(bulk);
	/* with no room for one more request, this process flushes the file */
	if (is_written && !RegisterSyncRequest(&tag, SYNC_REQUEST, false))
		is_written = pg_fsync(bulk->file) == 0;
	MyProc->delayChkptFlags &= ~DELAY_CHKPT_START;
	return is_written;
}

/* Appends the full pages to the file, which the commit or a checkpoint flushes */
static void
append_pages(Bulk *bulk)
{
	const bool	is_logged = RelationNeedsWAL(bulk->relation);

	if (!(is_logged ? log_pages(bulk) : write_pages(bulk)))
		ereport(ERROR, (errcode_for_file_access(),
						errmsg("could not extend file \"%s\": %m", file_path(bulk->relation)),
						errhint("Check free disk space.")));
	if (is_logged)
		flush_log(bulk);
	else
		pg_flush_data(bulk->file, (off_t) bulk->block * BLCKSZ, (off_t) bulk->filled * BLCKSZ);
	bulk->block += bulk->filled;
	bulk->filled = 0;
}

/* Puts a tuple into a page, with the header that heap_insert() would give it */
static void
put_tuple(Bulk *bulk, HeapTuple tuple)
{
	HeapTupleHeader header = tuple->t_data;
	Page		page = bulk->pages + bulk->filled * BLCKSZ;
	OffsetNumber offset;

	header->t_infomask &= ~HEAP_XACT_MASK;
	header->t_infomask2 &= ~HEAP2_XACT_MASK;
	header->t_infomask |= HEAP_XMAX_INVALID;
	HeapTupleHeaderSetXmin(header, GetCurrentTransactionId());
	HeapTupleHeaderSetCmin(header, bulk->estate->es_output_cid);
	HeapTupleHeaderSetXmax(header, InvalidTransactionId);

	if (!PageIsEmpty(page) && PageGetHeapFreeSpace(page) < MAXALIGN(tuple->t_len) +
		RelationGetTargetPageFreeSpace(bulk->relation, HEAP_DEFAULT_FILLFACTOR))
	{
		if (++bulk->filled == PAGES)
			append_pages(bulk);
		page = bulk->pages + bulk->filled * BLCKSZ;
		PageInit(page, BLCKSZ, 0);
	}
	/* its own place, not known before it has one */
	offset = OffsetNumberNext(PageGetMaxOffsetNumber(page));
	ItemPointerSet(&header->t_ctid, bulk->block + bulk->filled, offset);
	if (PageAddItem(page, (Item) header, tuple->t_len, offset, false, true) != offset)
		elog(ERROR, "failed to add a tuple to a page");
	bulk->appended++;
}

/* No more pages of ours: what follows is for heap_multi_insert() */
static void
end_pages(Bulk *bulk)
{
	if (bulk->appended > 0)
	{
		bulk->filled++;
		append_pages(bulk);
	}
	if (CloseTransientFile(bulk->file) != 0)
		ereport(ERROR, (errcode_for_file_access(),
						errmsg("could not close file \"%s\": %m", file_path(bulk->relation))));
	pgstat_count_heap_insert(bulk->relation, bulk->appended);
	pfree(bulk->pages);
	bulk->pages = NULL;
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
	flush_log(bulk);
}

/* Inserts the tuple that bulk_tuple() returned, now or with those that follow */
void
bulk_insert(Bulk *bulk)
{
	Waiting    *next = &bulk->waiting[bulk->count];

	check_tuple(bulk, next);
	/* a wide tuple may have to be made smaller, or be refused; a table's next gigabyte is another file */
	if (bulk->pages != NULL &&
		(next->tuple->t_len > TOAST_TUPLE_THRESHOLD || bulk->block + PAGES > RELSEG_SIZE))
		end_pages(bulk);
	if (bulk->pages != NULL)
		put_tuple(bulk, next->tuple);
	else if (++bulk->count == TUPLES)
		insert_waiting(bulk);
}

/* Inserts what waits */
void
end_bulk(Bulk *bulk)
{
	if (bulk->pages != NULL)
		end_pages(bulk);
	if (bulk->count > 0)
		insert_waiting(bulk);
	FreeBulkInsertState(bulk->state);
	table_finish_bulk_insert(bulk->relation, TABLE_INSERT_SKIP_FSM);
}
