/*
 * sqljrt.c
 *		Settings of sqljrt.
 *
 * Loading the library does nothing else: the Java virtual machine starts in
 * the session that first needs it, never in the postmaster.
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

#if PG_VERSION_NUM >= 150000
	MarkGUCPrefixReserved("sqljrt");
#else
	EmitWarningsOnPlaceholders("sqljrt");
#endif
}
