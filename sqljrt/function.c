/*
 * function.c
 *		AS strings, and the methods they name.
 *
 * A session resolves a function once, and again when its row in pg_proc or a
 * class path has changed.
 */
#include "call.h"

#include <ctype.h>

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
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

typedef struct FunctionEntry
{
	Oid			oid;			/* hash key */
	Function   *function;
} FunctionEntry;

static HTAB *functions = NULL;

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

	if (!is_public(class, method))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("method \"static %s\" or its class is not public", readable.data)));
	return method;
}

/* Reads a function's row of pg_proc and finds its method */
Function *
resolve_function(HeapTuple tuple)
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

void
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
Function *
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
		Function   *resolved = resolve_function(tuple);
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
