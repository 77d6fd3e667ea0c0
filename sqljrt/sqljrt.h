/*
 * sqljrt.h
 *		Functions in Java by SQL/JRT (ISO/IEC 9075-13).
 *
 * sqljrt.c	settings
 * jvm.c	the Java virtual machine: start, stop, its exceptions
 * watch.c	ends Java code that does not heed the server
 * types.c	values between SQL and Java
 * loader.c	class paths: jars from the database to class loaders
 * function.c	LANGUAGE java: AS strings, and the methods they name
 * sets.c	functions that return sets
 * call.c	calls, the call handler and the validator
 * rowsplan.c	plans of rows computed by Java
 * rows.c	such rows, straight into tuples
 * bulk.c	tuples into a new table, many at a time
 * table.c	the numbers of a table as an array
 * jar.c	sqlj.install_jar() and its like
 *
 * Java runs on the backend's own thread and never calls back into the
 * server, so that no ereport(ERROR) jumps over a Java frame.
 */
#ifndef SQLJRT_H
#define SQLJRT_H

#include "postgres.h"

#include "fmgr.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* PostgreSQL 18 wants it before the declaration, and has no other any more */
#ifndef pg_noreturn
#define pg_noreturn __attribute__((noreturn))
#endif

#include <jni.h>
#include <jvmti.h>

/* SQLSTATEs of SQL/JRT */
#define ERRCODE_INVALID_JAR				MAKE_SQLSTATE('4','6','0','0','1')
#define ERRCODE_INVALID_JAR_NAME		MAKE_SQLSTATE('4','6','0','0','2')
#define ERRCODE_INVALID_JAR_REMOVAL		MAKE_SQLSTATE('4','6','0','0','3')
#define ERRCODE_INVALID_JAR_NAME_IN_PATH	MAKE_SQLSTATE('4','6','1','0','2')
#define ERRCODE_UNRESOLVED_CLASS_NAME	MAKE_SQLSTATE('4','6','1','0','3')

/* sqljrt.c */
extern char *libjvm_location;
extern char *vmoptions;

/* jvm.c */
extern JNIEnv *jni;

/* A JNI function, by name: JNI(FindClass, "java/lang/String") */
#define JNI(function, ...)	((*jni)->function(jni, ##__VA_ARGS__))

/* The helper classes and their static methods */
typedef struct JavaHelper
{
	jclass		support;
	jmethodID	next;
	jobject		end;
	jmethodID	moment;
	jmethodID	micros;
	jmethodID	type_name;
	jmethodID	describe;
	jclass		double_rows;
	jmethodID	new_double_rows;
	jmethodID	fill;
	jmethodID	next_double_row;
	jfieldID	values;
	jfieldID	lengths;
	jclass		deployment;
	jmethodID	read;
	jmethodID	verify;
	jmethodID	actions;
	jclass		jar_loader;
	jmethodID	new_jar_loader;
	jmethodID	forget_jars;
	jmethodID	load_class;
	jclass		string;
	jclass		bytes;
	jclass		class_not_found;
	jclass		no_such_method;
	jclass		out_of_memory;
} JavaHelper;

extern JavaHelper helper;

extern void start_jvm(void);
extern void prepare_deployment(void);
extern jclass java_class(const char *name);
extern bool java_threw(jclass class);
extern bool is_public(jclass class, jmethodID method);
pg_noreturn extern void java_error(void);
pg_noreturn extern void java_error_plain(void);

/* Java's exception, if one is pending, as an error */
static inline void
check_java(void)
{
	if (unlikely((*jni)->ExceptionCheck(jni)))
		java_error();
}

/* watch.c */
extern void start_watching(JavaVM *machine, jvmtiEnv *tools);
extern void enter_java(void);
extern void leave_java(void);

/* types.c */
typedef enum JavaKind
{
	JAVA_BOOLEAN,
	JAVA_SHORT,
	JAVA_INT,
	JAVA_LONG,
	JAVA_FLOAT,
	JAVA_DOUBLE,
	JAVA_STRING,
	JAVA_BYTES,
	JAVA_MOMENT
} JavaKind;

typedef enum JavaForm
{
	FORM_PRIMITIVE,
	FORM_OBJECT,
	FORM_ARRAY
} JavaForm;

/* How a type of SQL is a type of Java */
typedef struct JavaType
{
	Oid			sql_type;
	const char *name;			/* as in Java source */
	const char *descriptor;		/* as in class files */
	JavaKind	kind;			/* of the element, for an array */
	JavaForm	form;
} JavaType;

extern const JavaType *java_type(Oid sql_type, const char *name);
extern void prepare_types(void);
extern jvalue to_java(const JavaType *type, Datum value, bool isnull, int argument);
extern Datum from_java(const JavaType *type, jvalue value, bool *isnull);
extern Datum from_java_element(const JavaType *type, jobject element, bool *isnull);
extern Datum float8_array(const double *values, int length);
extern jstring string_to_java(const char *value, int length);
extern char *string_from_java(jstring value);
extern jbyteArray bytes_to_java(const char *value, int length);
extern bytea *bytes_from_java(jbyteArray value);

/* call.c */
extern PGDLLEXPORT Datum java_call_handler(PG_FUNCTION_ARGS);

/* rowsplan.c */
extern bool enable_java_rows;
extern void hook_planner(void);

/* bulk.c */
typedef struct Bulk Bulk;
struct EState;
struct HeapTupleData;

extern bool enable_bulk_insert;
extern Bulk *begin_bulk(struct EState *estate, Index target);
extern struct HeapTupleData *bulk_tuple(Bulk *bulk, struct HeapTupleData *like, uint64 serial);
extern void bulk_insert(Bulk *bulk);
extern void end_bulk(Bulk *bulk);

/* loader.c */
extern uint64 class_paths_version;
extern const char *deploying_jar;

extern void watch_class_paths(void);
extern bool keep_classes;
extern void forget_class_loaders(void);
extern void change_class_paths(void);
extern uint64 class_loader_serial(Oid schema);
extern jclass load_class(const char *name, Oid schema);
extern int	connect_as_owner(Oid *user, int *context);
extern void finish_as_owner(Oid user, int context);

#endif
