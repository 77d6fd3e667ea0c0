/*
 * sqljrt.c
 *		Settings of sqljrt.
 *
 * Loading the library does nothing else but hook the planner: the Java virtual
 * machine starts in the session that first needs it, never in the postmaster.
 */
#include "sqljrt.h"

#include "utils/guc.h"

PG_MODULE_MAGIC;

char	   *libjvm_location;
char	   *vmoptions;

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	DefineCustomStringVariable("sqljrt.libjvm_location",
							   "Sets the path of the Java virtual machine's library, libjvm.so.",
							   "It is read when a session first calls a function in Java.",
							   &libjvm_location,
							   DEFAULT_LIBJVM,
							   PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomStringVariable("sqljrt.vmoptions",
							   "Sets additional options of the Java virtual machine, separated by spaces.",
							   "They are read when a session first calls a function in Java.",
							   &vmoptions,
							   "",
							   PGC_SUSET, 0, NULL, NULL, NULL);

	DefineCustomBoolVariable("sqljrt.enable_java_rows",
							 "Enables the planner's use of Java rows plans.",
							 "They form the tuples of an INSERT from Java's arrays without evaluating an expression for each element.",
							 &enable_java_rows,
							 true,
							 PGC_USERSET, GUC_EXPLAIN, NULL, NULL, NULL);

	DefineCustomBoolVariable("sqljrt.enable_bulk_insert",
							 "Enables the insertion of Java rows many at a time.",
							 "It applies to a table that the same transaction made, as long as it has neither index nor trigger.",
							 &enable_bulk_insert,
							 true,
							 PGC_USERSET, GUC_EXPLAIN, NULL, NULL, NULL);

	DefineCustomBoolVariable("sqljrt.keep_classes",
							 "Keeps a session's classes when another session replaces their jar.",
							 "What the session has loaded stays, and it can load nothing more, as with PL/Java. For tests.",
							 &keep_classes,
							 false,
							 PGC_SUSET, GUC_NOT_IN_SAMPLE, NULL, NULL, NULL);

	MarkGUCPrefixReserved("sqljrt");

	hook_planner();
}
