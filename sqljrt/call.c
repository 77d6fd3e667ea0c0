/*
 * call.c
 *		LANGUAGE java: calls, the call handler and the validator.
 */
#include "call.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(java_call_handler);
PG_FUNCTION_INFO_V1(java_validator);

/* The query ends: this also runs when it fails */
static void
release_call(void *argument)
{
	Call	   *call = argument;

	end_set(call);
	if (call->function != NULL)
		release_function(call->function);
	call->function = NULL;
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
jvalue
invoke_method(Function *function, FunctionCallInfo fcinfo)
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
		result = from_java(function->result, invoke_method(function, fcinfo), &fcinfo->isnull);
	}
	PG_FINALLY();
	{
		JNI(PopLocalFrame, NULL);
	}
	PG_END_TRY();
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
		result = next_of_set(call, fcinfo);
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
	function = resolve_function(tuple);
	JNI(DeleteGlobalRef, function->class);
	ReleaseSysCache(tuple);
	PG_RETURN_VOID();
}
