/*
 * loader.c
 *		Class paths: jars from the database to class loaders.
 *
 * Each schema has a class loader of its own, made when the session first needs
 * it. A change of the jars or class paths invalidates the tables' relation
 * cache entries (see jars_changed()), which tells every session to compare
 * its class paths with the tables before it next resolves a function. That
 * also happens when nothing has changed, so digests decide.
 */
#include "sqljrt.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

typedef struct ClassPath
{
	Oid			schema;			/* hash key */
	uint64		version;		/* class_paths_version it was compared at */
	uint64		serial;			/* of the loader, never used again */
	char	   *digest;			/* of its jars, in order */
	jobject		loader;
} ClassPath;

/* Whether a replaced jar leaves a session the classes that it has, as with PL/Java */
bool		keep_classes = false;

/* Counts what may have changed class paths */
uint64		class_paths_version = 1;

/* The jar whose INSTALL actions run: ahead of every class path */
const char *deploying_jar = NULL;

static HTAB *class_paths = NULL;
static Oid	jar_repository = InvalidOid;
static Oid	classpath_entry = InvalidOid;

PG_FUNCTION_INFO_V1(jars_changed);

/*
 * Statement trigger of the tables of jars and class paths
 */
Datum
jars_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called as a trigger", "sqlj.jars_changed")));
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	change_class_paths();
	return PointerGetDatum(NULL);
}

static void
relation_changed(Datum unused, Oid relation)
{
	if (relation == InvalidOid || relation == jar_repository || relation == classpath_entry)
		class_paths_version++;
}

/* Begins to watch for changes, once in a session */
void
watch_class_paths(void)
{
	HASHCTL		control = {0};

	control.keysize = sizeof(Oid);
	control.entrysize = sizeof(ClassPath);
	class_paths = hash_create("sqljrt class paths", 8, &control, HASH_ELEM | HASH_BLOBS);
	CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
}

/*
 * SPI as the owner of this extension's tables, which no one else may read.
 * What runs under it names everything in full. An error restores the user.
 */
int
connect_as_owner(Oid *user, int *context)
{
	GetUserIdAndSecContext(user, context);
	SetUserIdAndSecContext(BOOTSTRAP_SUPERUSERID, *context | SECURITY_LOCAL_USERID_CHANGE);
	return SPI_connect();
}

void
finish_as_owner(Oid user, int context)
{
	SPI_finish();
	SetUserIdAndSecContext(user, context);
}

/*
 * The jars of a schema's class path, one row each: digest, and image if wanted.
 * A schema without a class path has that of "public".
 */
static void
read_class_path(const char *schema, bool images)
{
	Oid			types[] = {TEXTOID, TEXTOID};
	Datum		values[2];
	char		nulls[] = {' ', deploying_jar == NULL ? 'n' : ' '};
	char	   *query;
	bool		snapshot = !IsInParallelMode();
	int			result;

	values[0] = CStringGetTextDatum(schema);
	values[1] = deploying_jar == NULL ? (Datum) 0 : CStringGetTextDatum(deploying_jar);
	query = psprintf("SELECT pg_catalog.encode(j.jar_digest, 'hex'), %s"
					 " FROM (SELECT 0 AS ordinal, $2 AS jar_name"
					 " UNION ALL SELECT c.ordinal, c.jar_name FROM sqlj.classpath_entry c"
					 " WHERE c.schema_name OPERATOR(pg_catalog.=) CASE WHEN EXISTS"
					 " (SELECT FROM sqlj.classpath_entry e"
					 " WHERE e.schema_name OPERATOR(pg_catalog.=) $1::pg_catalog.name)"
					 " THEN $1::pg_catalog.name ELSE 'public' END) p"
					 " JOIN sqlj.jar_repository j ON j.jar_name OPERATOR(pg_catalog.=) p.jar_name"
					 " ORDER BY p.ordinal",
					 images ? "j.jar_image" : "NULL");

	/*
	 * An older snapshot, as that of a REPEATABLE READ transaction, may not
	 * show what the invalidation told of.
	 */
	if (snapshot)
		PushActiveSnapshot(GetLatestSnapshot());
	result = SPI_execute_with_args(query, 2, types, values, nulls, true, 0);
	if (snapshot)
		PopActiveSnapshot();
	if (result != SPI_OK_SELECT)
		elog(ERROR, "could not read the class path of schema \"%s\": %s",
			 schema, SPI_result_code_string(result));
}

static char *
class_path_digest(void)
{
	StringInfoData digest;

	initStringInfo(&digest);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		appendStringInfoString(&digest, SPI_getvalue(SPI_tuptable->vals[i],
													 SPI_tuptable->tupdesc, 1));
		CHECK_FOR_INTERRUPTS();
	}
	return digest.data;
}

/* A class loader, as a local reference, of the images that were just read */
static jobject
make_loader(void)
{
	jobjectArray images = JNI(NewObjectArray, SPI_processed, helper.bytes, NULL);
	jobject		loader;

	check_java();
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		isnull;
		bytea	   *image = DatumGetByteaPP(SPI_getbinval(SPI_tuptable->vals[i],
														  SPI_tuptable->tupdesc, 2, &isnull));
		jbyteArray	bytes = bytes_to_java(VARDATA_ANY(image), VARSIZE_ANY_EXHDR(image));

		JNI(SetObjectArrayElement, images, i, bytes);
		JNI(DeleteLocalRef, bytes);
		CHECK_FOR_INTERRUPTS();
	}
	loader = JNI(NewObject, helper.jar_loader, helper.new_jar_loader, images);
	check_java();
	return loader;
}

static ClassPath *
class_path(Oid schema)
{
	static uint64 loaders = 0;
	uint64		version = class_paths_version;
	ClassPath  *path = hash_search(class_paths, &schema, HASH_FIND, NULL);
	char	   *name;
	Oid			user;
	int			context;
	char	   *digest;

	if (path != NULL && path->version == version)
		return path;

	/* the extension may have been dropped and created again */
	jar_repository = get_relname_relid("jar_repository", get_namespace_oid("sqlj", false));
	classpath_entry = get_relname_relid("classpath_entry", get_namespace_oid("sqlj", false));

	name = get_namespace_name(schema);
	if (name == NULL)
		elog(ERROR, "cache lookup failed for schema %u", schema);
	if (connect_as_owner(&user, &context) != SPI_OK_CONNECT)
		elog(ERROR, "could not connect to SPI");
	read_class_path(name, false);
	digest = class_path_digest();
	if (path != NULL && keep_classes && path->digest[0] != '\0')
	{
		if (strcmp(path->digest, digest) != 0)
			JNI(CallVoidMethod, path->loader, helper.forget_jars);
	}
	else if (path == NULL || strcmp(path->digest, digest) != 0)
	{
		jobject		loader;

		read_class_path(name, true);
		digest = MemoryContextStrdup(TopMemoryContext, class_path_digest());
		loader = JNI(NewGlobalRef, make_loader());
		if (path == NULL)
			path = hash_search(class_paths, &schema, HASH_ENTER, NULL);
		else
		{
			JNI(DeleteGlobalRef, path->loader);
			pfree(path->digest);
		}
		path->loader = loader;
		path->digest = digest;
		path->serial = ++loaders;
	}
	path->version = version;
	finish_as_owner(user, context);
	return path;
}

/* Has every class path's classes loaded anew when a function is next resolved */
void
forget_class_loaders(void)
{
	HASH_SEQ_STATUS status;
	ClassPath  *path;

	hash_seq_init(&status, class_paths);
	while ((path = hash_seq_search(&status)) != NULL)
		path->digest[0] = '\0';
	class_paths_version++;
}

/* What this session itself changes it sees, whatever it keeps of others' changes */
void
change_class_paths(void)
{
	class_paths_version++;
	if (keep_classes && class_paths != NULL)
		forget_class_loaders();
}

/* Which class loader a schema has: a replaced jar brings another */
uint64
class_loader_serial(Oid schema)
{
	return class_path(schema)->serial;
}

/* A class, as a local reference, that functions of a schema name */
jclass
load_class(const char *name, Oid schema)
{
	jobject		loader = class_path(schema)->loader;
	jstring		string = string_to_java(name, strlen(name));
	jclass		class = JNI(CallObjectMethod, loader, helper.load_class, string);

	if (java_threw(helper.class_not_found))
		ereport(ERROR,
				(errcode(ERRCODE_UNRESOLVED_CLASS_NAME),
				 errmsg("class \"%s\" is not on the class path of schema \"%s\"",
						name, get_namespace_name(schema)),
				 errhint("Install its jar with sqlj.install_jar() and name it in sqlj.set_classpath().")));
	check_java();
	return class;
}
