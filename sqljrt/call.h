/*
 * call.h
 *		What the files of LANGUAGE java share.
 *
 * function.c	AS strings, and the methods they name
 * sets.c	functions that return sets
 * call.c	calls, the call handler and the validator
 */
#ifndef CALL_H
#define CALL_H

#include "sqljrt.h"

#include "access/htup.h"
#include "datatype/timestamp.h"
#include "storage/itemptr.h"

/* A function, resolved: shared by its callers in a session */
typedef struct Function
{
	TransactionId xmin;			/* of its row in pg_proc */
	ItemPointerData tid;
	Oid			schema;
	uint64		version;		/* class_paths_version it was compared at */
	uint64		serial;			/* of its class loader */
	int			users;
	jclass		class;
	jmethodID	method;
	bool		returns_set;
	const JavaType *result;
	int			nargs;
	const JavaType *args[FLEXIBLE_ARRAY_MEMBER];
} Function;

struct Batch;					/* sets.c */

/* A place in a query that calls a function */
typedef struct Call
{
	Function   *function;
	TimestampTz statement;		/* the client's statement that looked it up */
	jobject		rows;			/* a set under way: its iterator, DoubleRows for double[] */
	struct Batch *batch;		/* for double[] */
	MemoryContextCallback release;
} Call;

/* function.c */
extern Function *resolve_function(HeapTuple tuple);
extern Function *find_function(Oid oid);
extern void release_function(Function *function);

/* sets.c */
extern Datum next_of_set(Call *call, FunctionCallInfo fcinfo);
extern void end_set(Call *call);

/* call.c */
extern jvalue invoke_method(Function *function, FunctionCallInfo fcinfo);

#endif
