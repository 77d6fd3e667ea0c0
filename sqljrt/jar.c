/*
 * jar.c
 *		sqlj.install_jar(), replace_jar(), remove_jar() and class paths.
 *
 * They run with the rights of their caller and need no pinned search_path:
 * their own commands name everything in full, operators too.
 */
#include "sqljrt.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(install_jar_url);
PG_FUNCTION_INFO_V1(install_jar_image);
PG_FUNCTION_INFO_V1(replace_jar_url);
PG_FUNCTION_INFO_V1(replace_jar_image);
PG_FUNCTION_INFO_V1(remove_jar);
PG_FUNCTION_INFO_V1(set_classpath);
PG_FUNCTION_INFO_V1(get_classpath);

static void
refuse_null(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
}

static char *
text_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	refuse_null(fcinfo, argument, name);
	return text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

/* Runs a command of ours with text parameters and gives the number of rows */
static uint64
run(const char *command, int nargs, const char **args)
{
	Oid			types[] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3];
	int			result;

	Assert(nargs <= lengthof(values));
	for (int i = 0; i < nargs; i++)
		values[i] = CStringGetTextDatum(args[i]);
	result = SPI_execute_with_args(command, nargs, types, values, NULL, false, 0);
	if (result < 0)
		elog(ERROR, "could not run \"%s\": %s", command, SPI_result_code_string(result));
	return SPI_processed;
}

static void
check_jar_name(const char *jar)
{
	if (*jar == '\0' || strpbrk(jar, ": \t\r\n\"'") != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_JAR_NAME),
				 errmsg("invalid jar name \"%s\"", jar),
				 errdetail("A jar name is not empty and has no colon, space or quote.")));
}

pg_noreturn static void
no_such_jar(const char *jar)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_JAR_NAME),
			 errmsg("jar \"%s\" does not exist", jar)));
}

/* The image a file: URL names */
static bytea *
read_jar(const char *url)
{
	jstring		string;
	jbyteArray	bytes;
	bytea	   *image;

	if (!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to read the server's files"),
				 errhint("Pass the jar's content as bytea.")));
	string = string_to_java(url, strlen(url));
	bytes = JNI(CallStaticObjectMethod, helper.deployment, helper.read, string);
	if (JNI(ExceptionCheck))
		java_error_plain();
	image = bytes_from_java(bytes);
	JNI(DeleteLocalRef, bytes);
	JNI(DeleteLocalRef, string);
	return image;
}

static jbyteArray
image_to_java(bytea *image)
{
	return bytes_to_java(VARDATA_ANY(image), VARSIZE_ANY_EXHDR(image));
}

static void
verify_jar(bytea *image)
{
	jbyteArray	bytes = image_to_java(image);

	JNI(CallStaticVoidMethod, helper.deployment, helper.verify, bytes);
	if (JNI(ExceptionCheck))
		java_error_plain();
	JNI(DeleteLocalRef, bytes);
}

/* A jar's image as it is stored */
static bytea *
stored_jar(const char *jar)
{
	bool		isnull;

	if (run("SELECT jar_image FROM sqlj.jar_repository"
			" WHERE jar_name OPERATOR(pg_catalog.=) $1 FOR UPDATE", 1, &jar) == 0)
		no_such_jar(jar);
	return DatumGetByteaPP(SPI_getbinval(SPI_tuptable->vals[0],
										 SPI_tuptable->tupdesc, 1, &isnull));
}

/* Runs a descriptor's actions; its jar is ahead of every class path meanwhile */
static void
run_actions(bytea *image, const char *jar, const char *group)
{
	jbyteArray	bytes = image_to_java(image);
	jstring		name = string_to_java(group, strlen(group));
	jobjectArray actions = JNI(CallStaticObjectMethod, helper.deployment, helper.actions,
							   bytes, name);
	jsize		count;
	char	  **commands;
	const char *outer = deploying_jar;

	if (JNI(ExceptionCheck))
		java_error_plain();
	count = JNI(GetArrayLength, actions);
	commands = palloc(sizeof(char *) * count + 1);
	for (jsize i = 0; i < count; i++)
	{
		jstring		command = JNI(GetObjectArrayElement, actions, i);

		commands[i] = string_from_java(command);
		JNI(DeleteLocalRef, command);
	}
	JNI(DeleteLocalRef, actions);
	JNI(DeleteLocalRef, name);
	JNI(DeleteLocalRef, bytes);

	deploying_jar = jar;
	change_class_paths();
	PG_TRY();
	{
		for (jsize i = 0; i < count; i++)
		{
			int			result;

			CHECK_FOR_INTERRUPTS();
			result = SPI_execute(commands[i], false, 0);
			if (result < 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_JAR),
						 errmsg("could not run an action of jar \"%s\": %s",
								jar, SPI_result_code_string(result)),
						 errdetail("%s", commands[i])));
		}
	}
	PG_FINALLY();
	{
		deploying_jar = outer;
		change_class_paths();
	}
	PG_END_TRY();
}

static void
store_image(const char *command, const char *jar, const char *origin, bytea *image)
{
	Oid			types[] = {TEXTOID, TEXTOID, BYTEAOID};
	Datum		values[3];
	int			result;

	values[0] = CStringGetTextDatum(jar);
	values[1] = CStringGetTextDatum(origin);
	values[2] = PointerGetDatum(image);
	result = SPI_execute_with_args(command, 3, types, values, NULL, false, 0);
	if (result < 0)
		elog(ERROR, "could not store jar \"%s\": %s", jar, SPI_result_code_string(result));
}

static void
install(bytea *image, const char *jar, const char *origin, bool deploy)
{
	check_jar_name(jar);
	if (run("SELECT FROM sqlj.jar_repository"
			" WHERE jar_name OPERATOR(pg_catalog.=) $1", 1, &jar) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_JAR_NAME),
				 errmsg("jar \"%s\" already exists", jar),
				 errhint("Use sqlj.replace_jar() to replace it.")));
	verify_jar(image);
	store_image("INSERT INTO sqlj.jar_repository (jar_name, jar_origin, jar_image)"
				" VALUES ($1, $2, $3)", jar, origin, image);
	if (deploy)
		run_actions(image, jar, "INSTALL");
}

static void
replace(bytea *image, const char *jar, const char *origin, bool redeploy)
{
	bytea	   *old = stored_jar(jar);

	verify_jar(image);
	if (redeploy)
		run_actions(old, jar, "REMOVE");
	store_image("UPDATE sqlj.jar_repository SET jar_origin = $2, jar_image = $3"
				" WHERE jar_name OPERATOR(pg_catalog.=) $1", jar, origin, image);
	if (redeploy)
		run_actions(image, jar, "INSTALL");
}

/* Takes the arguments (url or image, jar, deploy) to install() or replace() */
static Datum
store_jar(FunctionCallInfo fcinfo, bool is_url,
		  void (*store) (bytea *, const char *, const char *, bool))
{
	char	   *url = is_url ? text_argument(fcinfo, 0, "url") : "image";
	bytea	   *image;
	char	   *jar = text_argument(fcinfo, 1, "jar");

	refuse_null(fcinfo, 0, "image");
	refuse_null(fcinfo, 2, "deploy");
	start_jvm();
	prepare_deployment();
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	if (JNI(PushLocalFrame, 16) != 0)
		java_error();
	PG_TRY();
	{
		image = is_url ? read_jar(url) : PG_GETARG_BYTEA_PP(0);
		store(image, jar, url, PG_GETARG_BOOL(2));
	}
	PG_FINALLY();
	{
		JNI(PopLocalFrame, NULL);
	}
	PG_END_TRY();
	SPI_finish();
	PG_RETURN_VOID();
}

/*
 * sqlj.install_jar(url text, jar text, deploy boolean)
 */
Datum
install_jar_url(PG_FUNCTION_ARGS)
{
	return store_jar(fcinfo, true, install);
}

/*
 * sqlj.install_jar(image bytea, jar text, deploy boolean)
 */
Datum
install_jar_image(PG_FUNCTION_ARGS)
{
	return store_jar(fcinfo, false, install);
}

/*
 * sqlj.replace_jar(url text, jar text, redeploy boolean)
 */
Datum
replace_jar_url(PG_FUNCTION_ARGS)
{
	return store_jar(fcinfo, true, replace);
}

/*
 * sqlj.replace_jar(image bytea, jar text, redeploy boolean)
 */
Datum
replace_jar_image(PG_FUNCTION_ARGS)
{
	return store_jar(fcinfo, false, replace);
}

/*
 * sqlj.remove_jar(jar text, undeploy boolean)
 */
Datum
remove_jar(PG_FUNCTION_ARGS)
{
	const char *jar = text_argument(fcinfo, 0, "jar");
	bytea	   *image;

	refuse_null(fcinfo, 1, "undeploy");
	start_jvm();
	prepare_deployment();
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	image = stored_jar(jar);
	if (run("SELECT schema_name::pg_catalog.text FROM sqlj.classpath_entry"
			" WHERE jar_name OPERATOR(pg_catalog.=) $1 ORDER BY 1", 1, &jar) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_JAR_REMOVAL),
				 errmsg("jar \"%s\" is on the class path of schema \"%s\"", jar,
						SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)),
				 errhint("Take it off with sqlj.set_classpath() first.")));
	if (PG_GETARG_BOOL(1))
	{
		if (JNI(PushLocalFrame, 16) != 0)
			java_error();
		PG_TRY();
		{
			run_actions(image, jar, "REMOVE");
		}
		PG_FINALLY();
		{
			JNI(PopLocalFrame, NULL);
		}
		PG_END_TRY();
	}
	run("DELETE FROM sqlj.jar_repository WHERE jar_name OPERATOR(pg_catalog.=) $1", 1, &jar);
	SPI_finish();
	PG_RETURN_VOID();
}

/*
 * sqlj.set_classpath(schema text, path text): jars joined by colons; NULL or
 * an empty path takes the schema's class path away
 */
Datum
set_classpath(PG_FUNCTION_ARGS)
{
	char	   *schema = text_argument(fcinfo, 0, "schema");
	char	   *path = PG_ARGISNULL(1) ? "" : text_argument(fcinfo, 1, "path");
	const char *args[3];
	int			ordinal = 0;

	/* a schema that was dropped may have left a class path behind */
	(void) get_namespace_oid(schema, *path == '\0');
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	args[0] = schema;
	run("DELETE FROM sqlj.classpath_entry"
		" WHERE schema_name OPERATOR(pg_catalog.=) $1::pg_catalog.name", 1, args);
	if (*path == '\0')
		path = NULL;
	while (path != NULL)
	{
		char	   *jar = path;
		char	   *colon = strchr(path, ':');

		CHECK_FOR_INTERRUPTS();
		path = NULL;
		if (colon != NULL)
		{
			*colon = '\0';
			path = colon + 1;
		}
		args[1] = psprintf("%d", ++ordinal);
		args[2] = jar;
		if (run("SELECT FROM sqlj.jar_repository"
				" WHERE jar_name OPERATOR(pg_catalog.=) $1", 1, &args[2]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_JAR_NAME_IN_PATH),
					 errmsg("jar \"%s\" does not exist", jar)));
		if (run("INSERT INTO sqlj.classpath_entry (schema_name, ordinal, jar_name)"
				" VALUES ($1::pg_catalog.name, $2::pg_catalog.int4, $3)"
				" ON CONFLICT (schema_name, jar_name) DO NOTHING", 3, args) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_JAR_NAME_IN_PATH),
					 errmsg("jar \"%s\" is twice on the class path", jar)));
	}
	SPI_finish();
	PG_RETURN_VOID();
}

/*
 * sqlj.get_classpath(schema text): jars joined by colons, or NULL
 */
Datum
get_classpath(PG_FUNCTION_ARGS)
{
	const char *schema = text_argument(fcinfo, 0, "schema");
	char	   *path;
	MemoryContext caller = CurrentMemoryContext;

	(void) get_namespace_oid(schema, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	run("SELECT pg_catalog.string_agg(jar_name, ':' ORDER BY ordinal) FROM sqlj.classpath_entry"
		" WHERE schema_name OPERATOR(pg_catalog.=) $1::pg_catalog.name", 1, &schema);
	path = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	if (path != NULL)
		path = MemoryContextStrdup(caller, path);
	SPI_finish();
	if (path == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(path));
}
