/*
 * rowsplan.c
 *		Plans that rows.c can carry out.
 *
 * In the plan of an INSERT whose rows are a Subquery Scan over a set of
 * Java's arrays, the scan is replaced by a Custom Scan (JavaRows) of the same
 * output. Whatever else there is in it, the plan stays as it was.
 */
#include "rows.h"

#include <math.h>

#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "optimizer/planner.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

bool		enable_java_rows = true;

static planner_hook_type next_planner = NULL;

/* Whether a function is one of ours */
static bool
is_java(Oid function)
{
	HeapTuple	tuple;
	Oid			language;
	Oid			handler;
	FmgrInfo	info;

	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return false;
	language = ((Form_pg_proc) GETSTRUCT(tuple))->prolang;
	ReleaseSysCache(tuple);
	tuple = SearchSysCache1(LANGOID, ObjectIdGetDatum(language));
	if (!HeapTupleIsValid(tuple))
		return false;
	handler = ((Form_pg_language) GETSTRUCT(tuple))->lanplcallfoid;
	ReleaseSysCache(tuple);
	if (!OidIsValid(handler))
		return false;
	fmgr_info(handler, &info);
	return info.fn_addr == java_call_handler;
}

/* Whether an expression is a call of ours that yields arrays of float8 */
static bool
is_java_set(Expr *expression)
{
	FuncExpr   *call = (FuncExpr *) expression;

	return IsA(call, FuncExpr) && call->funcretset && call->funcresulttype == FLOAT8ARRAYOID &&
		is_java(call->funcid);
}

/* Whether an expression is an element of the array, and which */
static bool
is_element(Expr *expression, Index relation, AttrNumber *array, int *element)
{
	SubscriptingRef *subscript = (SubscriptingRef *) expression;
	Var		   *variable;
	Const	   *index;

	if (!IsA(subscript, SubscriptingRef) || subscript->refcontainertype != FLOAT8ARRAYOID ||
		subscript->reflowerindexpr != NIL || subscript->refassgnexpr != NULL ||
		list_length(subscript->refupperindexpr) != 1)
		return false;
	variable = (Var *) subscript->refexpr;
	index = linitial(subscript->refupperindexpr);
	if (!IsA(variable, Var) || variable->varno != relation || !IsA(index, Const) ||
		index->constisnull || DatumGetInt32(index->constvalue) < 1)
		return false;
	*array = variable->varattno;
	*element = DatumGetInt32(index->constvalue);
	return true;
}

/* What NULLIF(expression, 'NaN') is applied to, or NULL if this is something else */
static Expr *
nullif_nan_argument(Expr *expression)
{
	NullIfExpr *nullif = (NullIfExpr *) expression;
	Const	   *nan;

	if (!IsA(nullif, NullIfExpr) || nullif->opfuncid != F_FLOAT8EQ)
		return NULL;
	nan = lsecond(nullif->args);
	if (!IsA(nan, Const) || nan->constisnull || !isnan(DatumGetFloat8(nan->constvalue)))
		return NULL;
	return linitial(nullif->args);
}

/*
 * The sources of a subquery's output, as a list of (attribute, element,
 * whether NaN is null) for each column, or NIL if there is anything in it
 * that is not for us.
 */
static List *
find_sources(SubqueryScan *scan)
{
	List	   *sources = NIL;
	AttrNumber	array = 0;
	ListCell   *cell;

	foreach(cell, scan->scan.plan.targetlist)
	{
		Expr	   *expression = ((TargetEntry *) lfirst(cell))->expr;
		Expr	   *argument = nullif_nan_argument(expression);
		Var		   *variable = (Var *) expression;
		AttrNumber	source = 0;
		int			element = 0;

		if (is_element(argument != NULL ? argument : expression, scan->scan.scanrelid, &source, &element))
		{
			if (array == 0)
				array = source;
			if (array != source)
				return NIL;
		}
		else if (IsA(variable, Var))
		{
			if (variable->varno != scan->scan.scanrelid || variable->varattno <= 0 ||
				!get_typbyval(variable->vartype))
				return NIL;
			source = variable->varattno;
		}
		else if (!IsA(expression, Const))
			return NIL;
		sources = lappend(sources, list_make3_int(source, element, argument != NULL));
	}
	if (array == 0 ||
		!is_java_set(((TargetEntry *) list_nth(scan->subplan->targetlist, array - 1))->expr))
		return NIL;
	return sources;
}

/* Whether a function may read the table meanwhile. Java cannot. */
static bool
is_reader(Oid function, void *context)
{
	return func_volatile(function) == PROVOLATILE_VOLATILE && !is_java(function);
}

static bool
has_reader(Node *expression, void *context)
{
	return expression != NULL &&
		(IsA(expression, SubPlan) || check_functions_in_node(expression, is_reader, context) ||
		 expression_tree_walker(expression, has_reader, context));
}

/* The table that the rows of a plan may go into in bulk, or 0: what can be told from the plan */
static Index
bulk_target(PlannedStmt *statement)
{
	ModifyTable *insert = (ModifyTable *) statement->planTree;
	Plan	   *set = ((SubqueryScan *) outerPlan(insert))->subplan;
	Result	   *input = (Result *) outerPlan(set);

	if (!insert->canSetTag || list_length(insert->resultRelations) != 1 ||
		insert->onConflictAction != ONCONFLICT_NONE || insert->returningLists != NIL ||
		insert->withCheckOptionLists != NIL || statement->subplans != NIL ||
		!IsA(input, Result) || outerPlan(input) != NULL ||
		has_reader((Node *) set->targetlist, NULL) || has_reader((Node *) input->plan.targetlist, NULL) ||
		has_reader(input->resconstantqual, NULL))
		return 0;
	return linitial_int(insert->resultRelations);
}

/* The plan node in a Subquery Scan's place; this comes after setrefs.c */
static Plan *
make_scan(SubqueryScan *subquery, List *sources, Index target)
{
	CustomScan *scan = makeNode(CustomScan);
	ListCell   *cell;

	scan->scan.plan = subquery->scan.plan;
	scan->scan.plan.type = T_CustomScan;
	scan->scan.plan.targetlist = NIL;
	foreach(cell, subquery->scan.plan.targetlist)
	{
		TargetEntry *entry = lfirst(cell);
		Expr	   *output = entry->expr;

		/* the executor wants to see NULL for a dropped column */
		if (!IsA(output, Const))
			output = (Expr *) makeVarFromTargetEntry(INDEX_VAR, entry);
		scan->scan.plan.targetlist = lappend(scan->scan.plan.targetlist,
											 makeTargetEntry(output, entry->resno,
															 entry->resname, entry->resjunk));
	}
	scan->custom_scan_tlist = subquery->scan.plan.targetlist;
	scan->custom_plans = list_make1(subquery->subplan);
	scan->custom_private = list_make2(sources, list_make1_int(target));
	scan->custom_relids = bms_make_singleton(subquery->scan.scanrelid);
	scan->methods = &java_rows_methods;
	return &scan->scan.plan;
}

/* Puts our node in the place of a Subquery Scan that it can do the work of */
static PlannedStmt *
use_java_rows(PlannedStmt *statement)
{
	Plan	   *insert = statement->planTree;

	if (enable_java_rows && statement->commandType == CMD_INSERT && IsA(insert, ModifyTable) &&
		IsA(outerPlan(insert), SubqueryScan))
	{
		SubqueryScan *subquery = (SubqueryScan *) outerPlan(insert);

		if (subquery->scan.plan.qual == NIL && IsA(subquery->subplan, ProjectSet))
		{
			List	   *sources = find_sources(subquery);

			if (sources != NIL)
				outerPlan(insert) = make_scan(subquery, sources, bulk_target(statement));
		}
	}
	return statement;
}

#if PG_VERSION_NUM >= 190000
static PlannedStmt *
plan_java_rows(Query *query, const char *text, int options, ParamListInfo parameters,
			   struct ExplainState *explain)
{
	return use_java_rows(next_planner != NULL ?
						 next_planner(query, text, options, parameters, explain) :
						 standard_planner(query, text, options, parameters, explain));
}
#else
static PlannedStmt *
plan_java_rows(Query *query, const char *text, int options, ParamListInfo parameters)
{
	return use_java_rows(next_planner != NULL ?
						 next_planner(query, text, options, parameters) :
						 standard_planner(query, text, options, parameters));
}
#endif

void
hook_planner(void)
{
	RegisterCustomScanMethods(&java_rows_methods);
	next_planner = planner_hook;
	planner_hook = plan_java_rows;
}
