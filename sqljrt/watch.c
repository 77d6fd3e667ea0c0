/*
 * watch.c
 *		Ends Java code that does not heed the server.
 *
 * CHECK_FOR_INTERRUPTS() does not run while Java does. So a thread watches: if
 * the session is to cancel its statement or to end, and half a second later
 * is still in the same call of Java, an exception is thrown into that call,
 * wherever it is. Half a second is long for a call that ends by itself, so
 * that what happens here happens to loops without end.
 *
 * The exception may leave static variables of the function's classes half
 * changed: the session loads its classes anew afterwards.
 *
 * The state below decides who waits for whom. The backend's thread sets it to
 * IN_JAVA and back to IN_SERVER. The watching thread takes it from IN_JAVA to
 * STOPPING, throws, and sets it to STOPPED, which stands until the call ends;
 * meanwhile the backend's thread does not leave.
 */
#include "sqljrt.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include "miscadmin.h"
#include "port/atomics.h"

#define IN_SERVER	0
#define IN_JAVA		1
#define STOPPING	2
#define STOPPED		3

#define POLL_MS		50
#define PATIENCE_MS	500
#define REST_MS		1000		/* without a call until the thread rests */

static pg_atomic_uint32 state;
static pg_atomic_uint32 resting;
static volatile uint32 calls = 0;
static sem_t wake_up;

static JavaVM *vm;
static jvmtiEnv *jvmti;
static jobject backend_thread;
static jobject canceled;
static jmethodID settle;

static bool
must_stop(void)
{
	return InterruptPending && (QueryCancelPending || ProcDiePending);
}

/* The watching thread: it touches nothing of the server but flags */
static void *
watch(void *unused)
{
	JNIEnv	   *env;
	uint32		seen = 0;
	int			pending = 0;	/* ms that the call seen has ignored the server */
	int			quiet = 0;		/* ms without a call */

	if ((*vm)->AttachCurrentThreadAsDaemon(vm, (void **) &env, NULL) != JNI_OK)
		return NULL;
	for (;;)
	{
		usleep(POLL_MS * 1000);
		if (pg_atomic_read_u32(&state) == IN_SERVER)
		{
			pending = 0;
			quiet = seen == calls ? quiet + POLL_MS : 0;
			seen = calls;
			if (quiet >= REST_MS)
			{
				pg_atomic_exchange_u32(&resting, 1);
				if (seen == calls)
					while (sem_wait(&wake_up) != 0)
						;
				pg_atomic_exchange_u32(&resting, 0);
				quiet = 0;
			}
			continue;
		}
		if (seen != calls || !must_stop())
		{
			seen = calls;
			pending = 0;
			continue;
		}
		pending += POLL_MS;
		if (pending >= PATIENCE_MS)
		{
			uint32		expected = IN_JAVA;

			/* again for code that caught the exception */
			if (pg_atomic_compare_exchange_u32(&state, &expected, STOPPING) ||
				(expected == STOPPED &&
				 pg_atomic_compare_exchange_u32(&state, &expected, STOPPING)))
			{
				(*jvmti)->StopThread(jvmti, backend_thread, canceled);
				pg_atomic_exchange_u32(&state, STOPPED);
			}
			pending = 0;
		}
	}
}

/* Begins to watch, once in a session */
void
start_watching(JavaVM *machine, jvmtiEnv *tools)
{
	jvmtiCapabilities capabilities = {0};
	jthread		thread;
	jclass		error = java_class("java/lang/Error");
	jmethodID	constructor;
	jstring		message;
	jobject		instance;
	pthread_t	watcher;
	sigset_t	all;
	sigset_t	before;
	int			result;

	vm = machine;
	jvmti = tools;
	settle = JNI(GetStaticMethodID, helper.support, "settle", "()V");
	check_java();
	constructor = JNI(GetMethodID, error, "<init>", "(Ljava/lang/String;)V");
	check_java();
	message = JNI(NewStringUTF, "canceled by the server");
	check_java();
	instance = JNI(NewObject, error, constructor, message);
	check_java();
	canceled = JNI(NewGlobalRef, instance);

	capabilities.can_signal_thread = 1;
	if ((*jvmti)->AddCapabilities(jvmti, &capabilities) != JVMTI_ERROR_NONE ||
		(*jvmti)->GetCurrentThread(jvmti, &thread) != JVMTI_ERROR_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("the Java virtual machine cannot stop threads")));
	backend_thread = JNI(NewGlobalRef, thread);

	pg_atomic_init_u32(&state, IN_SERVER);
	pg_atomic_init_u32(&resting, 0);
	sem_init(&wake_up, 0, 0);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	result = pthread_create(&watcher, NULL, watch, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (result != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("could not create a thread: %s", strerror(result))));
	pthread_detach(watcher);
}

/* To be called before each call of Java code that is not ours */
void
enter_java(void)
{
	calls++;
	pg_atomic_exchange_u32(&state, IN_JAVA);
	if (unlikely(pg_atomic_read_u32(&resting)))
		sem_post(&wake_up);
}

/* And after it: the server is heeded now */
void
leave_java(void)
{
	uint32		expected = IN_JAVA;

	if (unlikely(!pg_atomic_compare_exchange_u32(&state, &expected, IN_SERVER)))
	{
		do
		{
			usleep(100);
			expected = STOPPED;
		} while (!pg_atomic_compare_exchange_u32(&state, &expected, IN_SERVER));

		/* the exception may not have arrived yet */
		JNI(ExceptionClear);
		JNI(CallStaticVoidMethod, helper.support, settle);
		JNI(ExceptionClear);
		forget_class_loaders();
		CHECK_FOR_INTERRUPTS();
		ereport(ERROR,
				(errcode(ERRCODE_QUERY_CANCELED),
				 errmsg("a call of Java was canceled")));
	}
}
