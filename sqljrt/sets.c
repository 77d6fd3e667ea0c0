/*
 * sets.c
 *		Functions that return sets: one row a call, from Java's iterator.
 *
 * Rows of double[] are taken from Java in batches, as the way there and back
 * takes longer than to compute one.
 */
#include "call.h"

#include "executor/executor.h"
#include "portability/instr_time.h"

/* As in DoubleRows.java */
#define MOST_ROWS	64
#define MOST_VALUES	8192

/* Rows that C has taken from a set of double[] and the query has not */
typedef struct Batch
{
	int			most;			/* rows to take at once */
	int			count;
	int			next;
	const double *next_values;
	jint		lengths[MOST_ROWS];
	double		values[MOST_VALUES];
} Batch;

void
end_set(Call *call)
{
	if (call->rows != NULL)
	{
		JNI(DeleteGlobalRef, call->rows);
		call->rows = NULL;
	}
}

/* The executor stops reading a set, or starts it again */
static void
shutdown_set(Datum argument)
{
	end_set((Call *) DatumGetPointer(argument));
}

static bool
is_double_set(const Function *function)
{
	return function->returns_set && function->result->form == FORM_ARRAY &&
		function->result->kind == JAVA_DOUBLE;
}

static void
begin_set(Call *call, FunctionCallInfo fcinfo, ReturnSetInfo *set)
{
	if (JNI(PushLocalFrame, call->function->nargs + 16) != 0)
		java_error();
	PG_TRY();
	{
		jobject		rows = invoke_method(call->function, fcinfo).l;

		if (rows != NULL && is_double_set(call->function))
		{
			rows = JNI(NewObject, helper.double_rows, helper.new_double_rows, rows);
			check_java();
			if (call->batch == NULL)
				call->batch = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(Batch));
			call->batch->most = 1;
			call->batch->count = 0;
			call->batch->next = 0;
		}
		if (rows != NULL)
		{
			call->rows = JNI(NewGlobalRef, rows);
			if (call->rows == NULL)
				ereport(ERROR,
						(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		}
	}
	PG_FINALLY();
	{
		JNI(PopLocalFrame, NULL);
	}
	PG_END_TRY();
	if (call->rows != NULL)
		RegisterExprContextCallback(set->econtext, shutdown_set, PointerGetDatum(call));
}

/*
 * Takes rows in advance, more at a time as long as that is quick: a query
 * that wants one row gets it alone, and a slow set can be canceled after
 * each.
 */
static void
fill_batch(Call *call)
{
	Batch	   *batch = call->batch;
	jarray		array;
	jsize		used = 0;
	instr_time	began;
	instr_time	took;

	INSTR_TIME_SET_CURRENT(began);
	enter_java();
	batch->count = JNI(CallIntMethod, call->rows, helper.fill, batch->most);
	leave_java();
	check_java();
	batch->next = 0;
	batch->next_values = batch->values;
	if (batch->count == 0)
		return;

	array = JNI(GetObjectField, call->rows, helper.lengths);
	JNI(GetIntArrayRegion, array, 0, batch->count, batch->lengths);
	JNI(DeleteLocalRef, array);
	for (int i = 0; i < batch->count; i++)
		used += batch->lengths[i];
	array = JNI(GetObjectField, call->rows, helper.values);
	JNI(GetDoubleArrayRegion, array, 0, used, batch->values);
	JNI(DeleteLocalRef, array);

	INSTR_TIME_SET_CURRENT(took);
	INSTR_TIME_SUBTRACT(took, began);
	batch->most = INSTR_TIME_GET_MICROSEC(took) < 1000 ? Min(batch->most * 2, MOST_ROWS) : 1;
}

/* One element of a set, a local reference; helper.end after the last */
static jobject
next_element(Call *call)
{
	jobject		element;

	if (call->rows == NULL)
		return helper.end;
	enter_java();
	if (is_double_set(call->function))
		element = JNI(CallObjectMethod, call->rows, helper.next_double_row);
	else
		element = JNI(CallStaticObjectMethod, helper.support, helper.next, call->rows);
	leave_java();
	check_java();
	return element;
}

/* One row of a set; the first call makes the iterator */
Datum
next_of_set(Call *call, FunctionCallInfo fcinfo)
{
	ReturnSetInfo *set = (ReturnSetInfo *) fcinfo->resultinfo;
	jobject		element;
	volatile Datum result = (Datum) 0;

	if (set == NULL || !IsA(set, ReturnSetInfo) || !(set->allowedModes & SFRM_ValuePerCall))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	set->returnMode = SFRM_ValuePerCall;
	if (call->rows == NULL)
		begin_set(call, fcinfo, set);

	if (call->rows != NULL && is_double_set(call->function))
	{
		Batch	   *batch = call->batch;

		if (batch->next == batch->count)
			fill_batch(call);
		if (batch->next < batch->count)
		{
			int			length = batch->lengths[batch->next++];

			result = float8_array(batch->next_values, length);
			batch->next_values += length;
			set->isDone = ExprMultipleResult;
			return result;
		}
	}
	element = next_element(call);
	if (JNI(IsSameObject, element, helper.end))
	{
		if (call->rows != NULL)
		{
			JNI(DeleteLocalRef, element);
			UnregisterExprContextCallback(set->econtext, shutdown_set, PointerGetDatum(call));
			end_set(call);
		}
		set->isDone = ExprEndResult;
		fcinfo->isnull = true;
		return (Datum) 0;
	}
	PG_TRY();
	{
		result = from_java_element(call->function->result, element, &fcinfo->isnull);
	}
	PG_FINALLY();
	{
		JNI(DeleteLocalRef, element);
	}
	PG_END_TRY();
	set->isDone = ExprMultipleResult;
	return result;
}
