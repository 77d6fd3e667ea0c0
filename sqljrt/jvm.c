/*
 * jvm.c
 *		The Java virtual machine of a session: its start, its end, and its
 *		exceptions as errors.
 */
#include "sqljrt.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "classes.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"

/* Stack the virtual machine is told of where the system sets no limit */
#define LARGEST_STACK	(64L * 1024 * 1024)

#define MAX_OPTIONS		64

/* Of class files, as JVMTI has it */
#define PUBLIC_MODIFIER	0x0001

JNIEnv	   *jni = NULL;
JavaHelper	helper;

static JavaVM *vm;
static jvmtiEnv *jvmti;
static bool starting = false;
static pthread_t backend_thread;
static sigset_t backend_signals;
static char jvm_output[1024];

typedef jint (*CreateJavaVM) (JavaVM **, void **, void *);

/* What the virtual machine prints while it starts becomes the error's detail */
static jint JNICALL pg_attribute_printf(2, 0)
capture_output(FILE *file, const char *format, va_list args)
{
	size_t		used = strlen(jvm_output);

	if (!starting)
		return vfprintf(file, format, args);
	return vsnprintf(jvm_output + used, sizeof(jvm_output) - used, format, args);
}

static const char *
captured_output(void)
{
	char	   *output = jvm_output;
	size_t		length;

	while (*output == '\n')
		output++;
	length = strlen(output);
	while (length > 0 && output[length - 1] == '\n')
		output[--length] = '\0';
	return length > 0 ? output : "It did not say why.";
}

/*
 * A virtual machine that fails while it starts does not always return: it may
 * call this and then exit(). A session that ends as FATAL is the better end.
 */
static void JNICALL
abort_start(void)
{
	if (starting && pthread_equal(pthread_self(), backend_thread))
	{
		starting = false;
		pthread_sigmask(SIG_SETMASK, &backend_signals, NULL);
		ereport(FATAL,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not start the Java virtual machine"),
				 errdetail("%s", captured_output())));
	}
}

/*
 * System.exit() and Runtime.halt() end here, on the thread that called them.
 * Ending the process would leave shared memory behind as a crash does, and
 * the postmaster would restart all sessions: so they fail instead.
 */
static void JNICALL
refuse_halt(JNIEnv *env, jclass shutdown, jint status)
{
	jclass		exception = (*env)->FindClass(env, "java/lang/SecurityException");

	if (exception != NULL)
		(*env)->ThrowNew(env, exception, "a function must not end the server process");
}

/* Java threads a function starts must not take the server's signals */
static void JNICALL
thread_started(jvmtiEnv *tools, JNIEnv *env, jthread thread)
{
	if (!pthread_equal(pthread_self(), backend_thread))
	{
		sigset_t	signals;

		sigemptyset(&signals);
		sigaddset(&signals, SIGHUP);
		sigaddset(&signals, SIGINT);
		sigaddset(&signals, SIGQUIT);
		sigaddset(&signals, SIGTERM);
		sigaddset(&signals, SIGALRM);
		sigaddset(&signals, SIGCHLD);
		sigaddset(&signals, SIGUSR1);
		sigaddset(&signals, SIGUSR2);
		sigaddset(&signals, SIGURG);
		sigaddset(&signals, SIGPIPE);
		pthread_sigmask(SIG_BLOCK, &signals, NULL);
	}
}

/*
 * The first of exit()'s handlers, being the last that was registered. The
 * server has cleaned up by then; what would follow is destructors of
 * libraries whose threads still run.
 */
static void
leave_process(int status, void *unused)
{
	if (proc_exit_inprogress)
	{
		fflush(NULL);
		_exit(status);
	}
}

static void
add_option(JavaVMInitArgs *args, char *option, void *extra)
{
	if (args->nOptions >= MAX_OPTIONS)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("\"%s\" has more than %d options",
						"sqljrt.vmoptions", MAX_OPTIONS)));
	args->options[args->nOptions].optionString = option;
	args->options[args->nOptions].extraInfo = extra;
	args->nOptions++;
}

/*
 * Arrays of a month's series take up to 10 MB each. By default malloc() gets
 * such memory from the system each time and gives it back: for a partition of
 * 38 series that is 30,000 pages to be cleared, a fifth of the time it takes.
 */
static void
keep_memory(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
	mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
#endif
}

static void
create_jvm(void)
{
	JavaVMOption options[MAX_OPTIONS];
	JavaVMInitArgs args = {JNI_VERSION_10, 0, options, JNI_FALSE};
	void	   *library;
	CreateJavaVM create;
	jvmtiEventCallbacks callbacks = {0};
	struct rlimit stack;
	sigset_t	blocked;
	char	   *locale;
	char	   *extra;
	char	   *option;
	jint		result;

	library = dlopen(libjvm_location, RTLD_NOW);
	if (library == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("could not load the Java virtual machine: %s", dlerror()),
				 errhint("Set \"%s\" to the path of a JDK's or JRE's libjvm.so.",
						 "sqljrt.libjvm_location")));
	create = (CreateJavaVM) dlsym(library, "JNI_CreateJavaVM");
	if (create == NULL)
	{
		dlclose(library);
		ereport(ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("\"%s\" is not a Java virtual machine", libjvm_location),
				 errhint("Set \"%s\" to the path of a JDK's or JRE's libjvm.so.",
						 "sqljrt.libjvm_location")));
	}

	/*
	 * The virtual machine places guard pages at the end of the stack it knows
	 * of: by default that is 1 MB, into which the server's own recursion
	 * (max_stack_depth) would run and crash. The whole stack then.
	 */
	if (getrlimit(RLIMIT_STACK, &stack) != 0 ||
		stack.rlim_cur == RLIM_INFINITY || stack.rlim_cur > LARGEST_STACK)
		stack.rlim_cur = LARGEST_STACK;
	if (max_stack_depth * 1024L > (long) stack.rlim_cur - 512 * 1024L)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("\"%s\" is too large for the Java virtual machine", "max_stack_depth"),
				 errhint("Set it to at most %ldkB.",
						 (long) stack.rlim_cur / 1024 - 512)));

	jvm_output[0] = '\0';
	add_option(&args, "vfprintf", (void *) capture_output);
	add_option(&args, "abort", (void *) abort_start);
	add_option(&args, "-Xrs", NULL);
	add_option(&args, "-Xlog:jni+resolve=off", NULL);	/* of refuse_halt() */
	add_option(&args, "-XX:+UseSerialGC", NULL);
	add_option(&args, "-Xshare:auto", NULL);
	add_option(&args, "-XX:-UsePerfData", NULL);
	/* else it moves the archive of its classes, all 12 MB of it, page by page */
	add_option(&args, "-XX:+UnlockDiagnosticVMOptions", NULL);
	add_option(&args, "-XX:ArchiveRelocationMode=0", NULL);
	add_option(&args, "-XX:+DisableAttachMechanism", NULL);
	add_option(&args, "-Xmx256m", NULL);
	add_option(&args, "-Xms8m", NULL);	/* else it lets garbage grow first */
	/* else it gives back what a call needed, and the next one waits for it */
	add_option(&args, "-XX:MaxHeapFreeRatio=100", NULL);
	add_option(&args, psprintf("-Xss%ldk", (long) stack.rlim_cur / 1024), NULL);
	add_option(&args, "-Dfile.encoding=UTF-8", NULL);
	add_option(&args, "-Djava.awt.headless=true", NULL);
	/* a class can be loaded whenever it is needed, from a jar that was replaced, too */
	if (!keep_classes)
		add_option(&args, "-Dsqljrt.keeps_jars=true", NULL);
	extra = pstrdup(vmoptions);
	for (option = strtok(extra, " \t\n"); option != NULL; option = strtok(NULL, " \t\n"))
		add_option(&args, option, NULL);

	/* Its threads inherit this mask, so that the server's signals stay ours */
	sigfillset(&blocked);
	sigdelset(&blocked, SIGSEGV);
	sigdelset(&blocked, SIGBUS);
	sigdelset(&blocked, SIGFPE);
	sigdelset(&blocked, SIGILL);
	locale = pstrdup(setlocale(LC_ALL, NULL));
	backend_thread = pthread_self();
	pthread_sigmask(SIG_BLOCK, &blocked, &backend_signals);
	starting = true;
	result = create(&vm, (void **) &jni, &args);
	starting = false;
	pthread_sigmask(SIG_SETMASK, &backend_signals, NULL);
	setlocale(LC_ALL, locale);

	if (result != JNI_OK)
	{
		jni = NULL;
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not start the Java virtual machine"),
				 errdetail("%s", captured_output()),
				 errhint("Check \"%s\".", "sqljrt.vmoptions")));
	}
	on_exit(leave_process, NULL);
	keep_memory();

	callbacks.ThreadStart = thread_started;
	if ((*vm)->GetEnv(vm, (void **) &jvmti, JVMTI_VERSION_1_2) != JNI_OK ||
		(*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof(callbacks)) != JVMTI_ERROR_NONE ||
		(*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE,
										   JVMTI_EVENT_THREAD_START, NULL) != JVMTI_ERROR_NONE)
		ereport(FATAL,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("the Java virtual machine has no tool interface (JVMTI)")));
}

/* A class for good, by its name in class files */
jclass
java_class(const char *name)
{
	jclass		local = JNI(FindClass, name);
	jclass		class;

	check_java();
	class = JNI(NewGlobalRef, local);
	JNI(DeleteLocalRef, local);
	return class;
}

static jclass
embedded_class(const char *name, jobject loader, const unsigned char *content, size_t length)
{
	jclass		local = JNI(DefineClass, name, loader, (const jbyte *) content, length);
	jclass		class;

	if (local == NULL)
	{
		JNI(ExceptionClear);
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("the Java virtual machine refuses class \"%s\"", name),
				 errhint("It must be of Java 17 or later.")));
	}
	class = JNI(NewGlobalRef, local);
	JNI(DeleteLocalRef, local);
	return class;
}

static jmethodID
static_method(jclass class, const char *name, const char *signature)
{
	jmethodID	method = JNI(GetStaticMethodID, class, name, signature);

	check_java();
	return method;
}

static void
prepare_helper(void)
{
	static const JNINativeMethod halt = {"halt0", "(I)V", (void *) refuse_halt};
	jclass		class;
	jobject		loader;
	jobject		end;
	jfieldID	field;

#define EMBEDDED(name) \
	embedded_class("org/bqx/sqljrt/" #name, loader, class_##name, sizeof(class_##name))

	class = java_class("java/lang/ClassLoader");
	loader = JNI(CallStaticObjectMethod, class,
				 static_method(class, "getSystemClassLoader", "()Ljava/lang/ClassLoader;"));
	check_java();
	helper.load_class = JNI(GetMethodID, class, "loadClass",
							"(Ljava/lang/String;)Ljava/lang/Class;");

	EMBEDDED(OutOfRange);
	helper.support = EMBEDDED(Support);
	helper.describe = static_method(helper.support, "describe",
									"(Ljava/lang/Throwable;Z)[Ljava/lang/String;");
	helper.next = static_method(helper.support, "next",
								"(Ljava/util/Iterator;)Ljava/lang/Object;");
	helper.moment = static_method(helper.support, "moment", "(J)Ljava/time/OffsetDateTime;");
	helper.micros = static_method(helper.support, "micros", "(Ljava/time/OffsetDateTime;)J");
	helper.type_name = static_method(helper.support, "typeName",
									 "(Ljava/lang/Object;)Ljava/lang/String;");
	field = JNI(GetStaticFieldID, helper.support, "END", "Ljava/lang/Object;");
	check_java();
	end = JNI(GetStaticObjectField, helper.support, field);
	helper.end = JNI(NewGlobalRef, end);

	helper.double_rows = EMBEDDED(DoubleRows);
	helper.new_double_rows = JNI(GetMethodID, helper.double_rows, "<init>",
								 "(Ljava/util/Iterator;)V");
	helper.fill = JNI(GetMethodID, helper.double_rows, "fill", "(I)I");
	helper.next_double_row = JNI(GetMethodID, helper.double_rows, "next",
								 "()Ljava/lang/Object;");
	helper.values = JNI(GetFieldID, helper.double_rows, "values", "[D");
	helper.lengths = JNI(GetFieldID, helper.double_rows, "lengths", "[I");
	check_java();

	EMBEDDED(JarImage);
	helper.jar_loader = EMBEDDED(JarLoader);
	helper.new_jar_loader = JNI(GetMethodID, helper.jar_loader, "<init>", "([[B)V");
	helper.forget_jars = JNI(GetMethodID, helper.jar_loader, "forgetJars", "()V");
	helper.deployment = EMBEDDED(Deployment);

	helper.string = java_class("java/lang/String");
	helper.bytes = java_class("[B");
	helper.class_not_found = java_class("java/lang/ClassNotFoundException");
	helper.no_such_method = java_class("java/lang/NoSuchMethodError");
	helper.out_of_memory = java_class("java/lang/OutOfMemoryError");
	prepare_types();
	check_java();

	class = java_class("java/lang/Shutdown");
	if (JNI(RegisterNatives, class, &halt, 1) != JNI_OK)
		java_error();
	JNI(DeleteLocalRef, loader);
	JNI(DeleteLocalRef, end);
}

/* Finds what jars are installed by: most sessions install none */
void
prepare_deployment(void)
{
	if (helper.actions != NULL)
		return;
	helper.read = static_method(helper.deployment, "read", "(Ljava/lang/String;)[B");
	helper.verify = static_method(helper.deployment, "verify", "([B)V");
	helper.actions = static_method(helper.deployment, "actions",
								   "([BLjava/lang/String;)[Ljava/lang/String;");
}

/* Whether the pending exception, if any, is of that class; then it is cleared */
bool
java_threw(jclass class)
{
	jthrowable	thrown = JNI(ExceptionOccurred);
	bool		is_class;

	if (thrown == NULL)
		return false;
	JNI(ExceptionClear);
	is_class = JNI(IsInstanceOf, thrown, class);
	if (!is_class)
		JNI(Throw, thrown);
	JNI(DeleteLocalRef, thrown);
	return is_class;
}

/*
 * Whether SQL may call a method: it and its class are public. Reflection would
 * say so too, but loads the classes of the exceptions that the method declares.
 */
bool
is_public(jclass class, jmethodID method)
{
	jint		of_class;
	jint		of_method;

	if ((*jvmti)->GetClassModifiers(jvmti, class, &of_class) != JVMTI_ERROR_NONE ||
		(*jvmti)->GetMethodModifiers(jvmti, method, &of_method) != JVMTI_ERROR_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("the Java virtual machine cannot tell whether a method is public")));
	return (of_class & of_method & PUBLIC_MODIFIER) != 0;
}

/* Makes sure that the virtual machine runs */
void
start_jvm(void)
{
	static bool prepared = false;

	if (prepared)
		return;
	if (jni == NULL)
		create_jvm();
	prepare_helper();
	watch_class_paths();
	start_watching(vm, jvmti);
	prepared = true;
}

static char *
description_part(jobjectArray description, int index)
{
	jstring		part = JNI(GetObjectArrayElement, description, index);
	char	   *result = NULL;

	if (part != NULL)
	{
		result = string_from_java(part);
		JNI(DeleteLocalRef, part);
	}
	return result;
}

/* Only what a client can understand as an error's SQLSTATE */
static int
make_sqlstate(const char *state)
{
	if (state == NULL || strlen(state) != 5 || strncmp(state, "00", 2) == 0 ||
		strspn(state, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5)
		return ERRCODE_EXTERNAL_ROUTINE_EXCEPTION;
	return MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4]);
}

pg_noreturn static void
report_exception(bool plain)
{
	jthrowable	thrown = JNI(ExceptionOccurred);
	jobjectArray description = NULL;
	char	   *state = NULL;
	char	   *text = NULL;
	char	   *message = NULL;
	char	   *trace = NULL;
	bool		out_of_memory = false;

	(*jni)->ExceptionClear(jni);
	if (thrown != NULL && helper.describe != NULL)
	{
		if (helper.out_of_memory != NULL)
			out_of_memory = JNI(IsInstanceOf, thrown, helper.out_of_memory);
		description = JNI(CallStaticObjectMethod, helper.support, helper.describe, thrown,
						  (jboolean) (GetDatabaseEncoding() != PG_UTF8));
		(*jni)->ExceptionClear(jni);
	}
	if (description != NULL)
	{
		state = description_part(description, 0);
		text = description_part(description, 1);
		message = description_part(description, 2);
		trace = description_part(description, 3);
		JNI(DeleteLocalRef, description);
	}
	if (thrown != NULL)
		JNI(DeleteLocalRef, thrown);

	if (plain && message != NULL)
		ereport(ERROR,
				(errcode(make_sqlstate(state)), errmsg("%s", message)));
	if (text == NULL)
		text = out_of_memory ? "java.lang.OutOfMemoryError" :
			"exception in Java that could not be described";
	ereport(ERROR,
			(errcode(out_of_memory ? ERRCODE_OUT_OF_MEMORY : make_sqlstate(state)),
			 errmsg("%s", text),
			 trace != NULL ? errdetail("%s", trace) : 0));
}

/* The pending Java exception as an error: its class, message and stack trace */
void
java_error(void)
{
	report_exception(false);
}

/* The same by its message alone, for exceptions of our own classes */
void
java_error_plain(void)
{
	report_exception(true);
}
