/*
 * call.c
 *		LANGUAGE java: call handler and validator.
 */
#include "sqljrt.h"

#include <ctype.h>

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/* An AS string: [type=]class.method[(type, ...)] */
typedef struct Target
{
	const char *result;			/* NULL if not given */
	const char *class;
	const char *method;
	int			nargs;			/* -1 if not given */
	const char *args[FUNC_MAX_ARGS];
} Target;

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

typedef struct FunctionEntry
{
	Oid			oid;			/* hash key */
	Function   *function;
} FunctionEntry;

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

/* A place in a query that calls a function */
typedef struct Call
{
	Function   *function;
	TimestampTz statement;		/* the client's statement that looked it up */
	jobject		rows;			/* a set under way: its iterator, DoubleRows for double[] */
	Batch	   *batch;			/* for double[] */
	MemoryContextCallback release;
} Call;

static HTAB *functions = NULL;

PG_FUNCTION_INFO_V1(java_call_handler);
PG_FUNCTION_INFO_V1(java_validator);

pg_noreturn static void
bad_target(const char *source, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
			 errmsg("invalid AS string \"%s\": %s", source, problem),
			 errhint("It has the form \"[type=]package.Class.method[(type, ...)]\".")));
}

/* Takes the spaces off both ends, in place */
static char *
trim(char *string)
{
	char	   *end;

	while (isspace((unsigned char) *string))
		string++;
	end = string + strlen(string);
	while (end > string && isspace((unsigned char) end[-1]))
		end--;
	*end = '\0';
	return string;
}

/* Whether it is names of Java joined by dots */
static bool
is_java_name(const char *name)
{
	bool		first = true;

	for (; *name != '\0'; name++)
	{
		unsigned char c = *name;

		if (first ? !(isalpha(c) || c == '_' || c == '$' || c >= 0x80)
			: !(isalnum(c) || c == '_' || c == '$' || c == '.' || c >= 0x80))
			return false;
		first = c == '.';
	}
	return !first;
}

static Target *
parse_target(const char *source)
{
	Target	   *target = palloc0(sizeof(Target));
	char	   *rest = pstrdup(source);
	char	   *mark;

	target->nargs = -1;
	mark = strchr(rest, '(');
	if (mark != NULL)
	{
		char	   *args = mark + 1;
		char	   *end = strchr(args, ')');

		*mark = '\0';
		if (end == NULL || *trim(end + 1) != '\0')
			bad_target(source, "the argument list does not end in \")\"");
		*end = '\0';
		target->nargs = 0;
		if (*trim(args) != '\0')
		{
			do
			{
				if (target->nargs >= FUNC_MAX_ARGS)
					bad_target(source, "too many arguments");
				mark = strchr(args, ',');
				if (mark != NULL)
					*mark = '\0';
				args = trim(args);
				if (*args == '\0')
					bad_target(source, "an argument's type is missing");
				target->args[target->nargs++] = args;
				args = mark + 1;
			} while (mark != NULL);
		}
	}
	mark = strchr(rest, '=');
	if (mark != NULL)
	{
		*mark = '\0';
		target->result = trim(rest);
		if (*target->result == '\0')
			bad_target(source, "the result type is missing");
		rest = mark + 1;
	}
	rest = trim(rest);
	mark = strrchr(rest, '.');
	if (mark == NULL || !is_java_name(rest))
		bad_target(source, "no class and method found");
	*mark = '\0';
	target->class = rest;
	target->method = mark + 1;
	return target;
}

/* A mapping that exists, or an error that says which does not */
static const JavaType *
mapping(Oid sql_type, const char *name, const char *role)
{
	const JavaType *type = java_type(sql_type, NULL);

	if (type == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
				 errmsg("%s of type %s has no mapping to Java", role, format_type_be(sql_type))));
	if (name == NULL)
		return type;
	type = java_type(sql_type, name);
	if (type == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
				 errmsg("%s of type %s has no mapping to Java type %s",
						role, format_type_be(sql_type), name)));
	return type;
}

static jmethodID
find_method(jclass class, const Target *target, const Function *function)
{
	StringInfoData signature;
	StringInfoData readable;
	const char *result = function->returns_set ? "java.util.Iterator" : function->result->name;
	const char *name;
	jmethodID	method;
	jobject		reflected;
	jboolean	is_public;

	initStringInfo(&signature);
	initStringInfo(&readable);
	appendStringInfoChar(&signature, '(');
	appendStringInfo(&readable, "%s %s.%s(", result, target->class, target->method);
	for (int i = 0; i < function->nargs; i++)
	{
		appendStringInfoString(&signature, function->args[i]->descriptor);
		appendStringInfo(&readable, "%s%s", i > 0 ? ", " : "", function->args[i]->name);
	}
	appendStringInfo(&signature, ")%s",
					 function->returns_set ? "Ljava/util/Iterator;" : function->result->descriptor);
	appendStringInfoChar(&readable, ')');

	/* this runs the class's static initializers */
	name = pg_server_to_any(target->method, strlen(target->method), PG_UTF8);
	enter_java();
	method = JNI(GetStaticMethodID, class, name, signature.data);
	leave_java();
	if (java_threw(helper.no_such_method))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("method \"public static %s\" does not exist", readable.data)));
	check_java();

	reflected = JNI(ToReflectedMethod, class, method, JNI_TRUE);
	check_java();
	is_public = JNI(CallStaticBooleanMethod, helper.support, helper.is_public, reflected);
	check_java();
	if (!is_public)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("method \"static %s\" or its class is not public", readable.data)));
	return method;
}

/* Reads a function's row of pg_proc and finds its method */
static Function *
resolve(HeapTuple tuple)
{
	Form_pg_proc proc = (Form_pg_proc) GETSTRUCT(tuple);
	Function   *function;
	Target	   *target;
	Datum		source;
	bool		isnull;
	jclass		class;

	source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
	if (isnull)
		elog(ERROR, "function %u has no AS string", proc->oid);
	target = parse_target(TextDatumGetCString(source));

	function = palloc0(offsetof(Function, args) + proc->pronargs * sizeof(JavaType *));
	function->xmin = HeapTupleHeaderGetRawXmin(tuple->t_data);
	function->tid = tuple->t_self;
	function->schema = proc->pronamespace;
	function->returns_set = proc->proretset;
	function->result = mapping(proc->prorettype, target->result, "result");
	function->nargs = proc->pronargs;
	if (target->nargs >= 0 && target->nargs != proc->pronargs)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
				 errmsg("method has %d arguments, but the function has %d",
						target->nargs, proc->pronargs)));
	for (int i = 0; i < proc->pronargs; i++)
	{
		char		role[32];

		snprintf(role, sizeof(role), "argument %d", i + 1);
		function->args[i] = mapping(proc->proargtypes.values[i],
									target->nargs >= 0 ? target->args[i] : NULL, role);
	}

	start_jvm();
	if (JNI(PushLocalFrame, 16) != 0)
		java_error();
	PG_TRY();
	{
		function->version = class_paths_version;
		function->serial = class_loader_serial(function->schema);
		class = load_class(target->class, function->schema);
		function->method = find_method(class, target, function);
		function->class = JNI(NewGlobalRef, class);
	}
	PG_FINALLY();
	{
		JNI(PopLocalFrame, NULL);
	}
	PG_END_TRY();
	return function;
}

static void
release_function(Function *function)
{
	if (--function->users == 0)
	{
		JNI(DeleteGlobalRef, function->class);
		pfree(function);
	}
}

/* Whether nothing has changed since a function was resolved */
static bool
is_current(Function *function, HeapTuple tuple)
{
	if (function->xmin != HeapTupleHeaderGetRawXmin(tuple->t_data) ||
		!ItemPointerEquals(&function->tid, &tuple->t_self))
		return false;
	if (function->version != class_paths_version)
	{
		uint64		version = class_paths_version;

		if (function->serial != class_loader_serial(function->schema))
			return false;
		function->version = version;
	}
	return true;
}

/* A function as it is now, from the session's cache or resolved anew */
static Function *
find_function(Oid oid)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
	FunctionEntry *entry;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", oid);
	if (functions == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(Oid);
		control.entrysize = sizeof(FunctionEntry);
		functions = hash_create("sqljrt functions", 64, &control, HASH_ELEM | HASH_BLOBS);
	}
	entry = hash_search(functions, &oid, HASH_FIND, NULL);
	if (entry == NULL || !is_current(entry->function, tuple))
	{
		Function   *resolved = resolve(tuple);
		size_t		size = offsetof(Function, args) + resolved->nargs * sizeof(JavaType *);
		Function   *function = MemoryContextAlloc(TopMemoryContext, size);

		memcpy(function, resolved, size);
		function->users = 1;
		if (entry != NULL)
			release_function(entry->function);
		else
			entry = hash_search(functions, &oid, HASH_ENTER, NULL);
		entry->function = function;
	}
	ReleaseSysCache(tuple);
	return entry->function;
}

static void
end_rows(Call *call)
{
	if (call->rows != NULL)
	{
		JNI(DeleteGlobalRef, call->rows);
		call->rows = NULL;
	}
}

/* The query ends: this also runs when it fails */
static void
release_call(void *argument)
{
	Call	   *call = argument;

	end_rows(call);
	if (call->function != NULL)
		release_function(call->function);
	call->function = NULL;
}

/* The executor stops reading a set, or starts it again */
static void
shutdown_rows(Datum argument)
{
	end_rows((Call *) DatumGetPointer(argument));
}

static Call *
current_call(FmgrInfo *flinfo)
{
	Call	   *call = flinfo->fn_extra;

	if (call == NULL)
	{
		call = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(Call));
		call->release.func = release_call;
		call->release.arg = call;
		MemoryContextRegisterResetCallback(flinfo->fn_mcxt, &call->release);
		flinfo->fn_extra = call;
	}

	/* never another class within one statement, nor within one set */
	if (call->rows == NULL &&
		(call->function == NULL || call->statement != GetCurrentStatementStartTimestamp()))
	{
		Function   *function = find_function(flinfo->fn_oid);

		function->users++;
		if (call->function != NULL)
			release_function(call->function);
		call->function = function;
		call->statement = GetCurrentStatementStartTimestamp();
	}
	return call;
}

/* Calls the method; an object it returns is a local reference */
static jvalue
invoke(Function *function, FunctionCallInfo fcinfo)
{
	jvalue		args[FUNC_MAX_ARGS];
	jvalue		result = {0};

	if (fcinfo->nargs != function->nargs)
		elog(ERROR, "function %u called with %d arguments instead of %d",
			 fcinfo->flinfo->fn_oid, fcinfo->nargs, function->nargs);
	for (int i = 0; i < function->nargs; i++)
		args[i] = to_java(function->args[i], fcinfo->args[i].value,
						  fcinfo->args[i].isnull, i + 1);

#define INVOKE(Type)	JNI(CallStatic##Type##MethodA, function->class, function->method, args)

	enter_java();
	if (function->returns_set || function->result->form != FORM_PRIMITIVE)
		result.l = INVOKE(Object);
	else
		switch (function->result->kind)
		{
			case JAVA_BOOLEAN:
				result.z = INVOKE(Boolean);
				break;
			case JAVA_SHORT:
				result.s = INVOKE(Short);
				break;
			case JAVA_INT:
				result.i = INVOKE(Int);
				break;
			case JAVA_LONG:
				result.j = INVOKE(Long);
				break;
			case JAVA_FLOAT:
				result.f = INVOKE(Float);
				break;
			case JAVA_DOUBLE:
				result.d = INVOKE(Double);
				break;
			default:
				break;
		}
	leave_java();
	check_java();
	return result;
}

static Datum
call_method(Function *function, FunctionCallInfo fcinfo)
{
	Datum		result = (Datum) 0;

	if (JNI(PushLocalFrame, function->nargs + 16) != 0)
		java_error();
	PG_TRY();
	{
		result = from_java(function->result, invoke(function, fcinfo), &fcinfo->isnull);
	}
	PG_FINALLY();
	{
		JNI(PopLocalFrame, NULL);
	}
	PG_END_TRY();
	return result;
}

static bool
is_double_set(const Function *function)
{
	return function->returns_set && function->result->form == FORM_ARRAY &&
		function->result->kind == JAVA_DOUBLE;
}

static void
begin_rows(Call *call, FunctionCallInfo fcinfo, ReturnSetInfo *set)
{
	if (JNI(PushLocalFrame, call->function->nargs + 16) != 0)
		java_error();
	PG_TRY();
	{
		jobject		rows = invoke(call->function, fcinfo).l;

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
		RegisterExprContextCallback(set->econtext, shutdown_rows, PointerGetDatum(call));
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
static Datum
next_row(Call *call, FunctionCallInfo fcinfo)
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
		begin_rows(call, fcinfo, set);

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
			UnregisterExprContextCallback(set->econtext, shutdown_rows, PointerGetDatum(call));
			end_rows(call);
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

/*
 * java_call_handler
 */
Datum
java_call_handler(PG_FUNCTION_ARGS)
{
	Call	   *call;
	Datum		result;

	CHECK_FOR_INTERRUPTS();
	check_stack_depth();
	call = current_call(fcinfo->flinfo);
	if (call->function->returns_set)
		result = next_row(call, fcinfo);
	else
		result = call_method(call->function, fcinfo);
	CHECK_FOR_INTERRUPTS();
	return result;
}

/*
 * java_validator
 */
Datum
java_validator(PG_FUNCTION_ARGS)
{
	Oid			oid = PG_GETARG_OID(0);
	HeapTuple	tuple;
	Function   *function;

	if (!CheckFunctionValidatorAccess(fcinfo->flinfo->fn_oid, oid))
		PG_RETURN_VOID();

	/* a restored function comes before the jar it needs */
	if (!check_function_bodies)
		PG_RETURN_VOID();

	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", oid);
	function = resolve(tuple);
	JNI(DeleteGlobalRef, function->class);
	ReleaseSysCache(tuple);
	PG_RETURN_VOID();
}
