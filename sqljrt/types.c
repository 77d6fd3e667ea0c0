/*
 * types.c
 *		Values between SQL and Java.
 */
#include "sqljrt.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* Of several types of Java for one of SQL, the first is the default */
static const JavaType types[] = {
	{BOOLOID, "boolean", "Z", JAVA_BOOLEAN, FORM_PRIMITIVE},
	{BOOLOID, "java.lang.Boolean", "Ljava/lang/Boolean;", JAVA_BOOLEAN, FORM_OBJECT},
	{INT2OID, "short", "S", JAVA_SHORT, FORM_PRIMITIVE},
	{INT2OID, "java.lang.Short", "Ljava/lang/Short;", JAVA_SHORT, FORM_OBJECT},
	{INT4OID, "int", "I", JAVA_INT, FORM_PRIMITIVE},
	{INT4OID, "java.lang.Integer", "Ljava/lang/Integer;", JAVA_INT, FORM_OBJECT},
	{INT8OID, "long", "J", JAVA_LONG, FORM_PRIMITIVE},
	{INT8OID, "java.lang.Long", "Ljava/lang/Long;", JAVA_LONG, FORM_OBJECT},
	{FLOAT4OID, "float", "F", JAVA_FLOAT, FORM_PRIMITIVE},
	{FLOAT4OID, "java.lang.Float", "Ljava/lang/Float;", JAVA_FLOAT, FORM_OBJECT},
	{FLOAT8OID, "double", "D", JAVA_DOUBLE, FORM_PRIMITIVE},
	{FLOAT8OID, "java.lang.Double", "Ljava/lang/Double;", JAVA_DOUBLE, FORM_OBJECT},
	{TEXTOID, "java.lang.String", "Ljava/lang/String;", JAVA_STRING, FORM_OBJECT},
	{VARCHAROID, "java.lang.String", "Ljava/lang/String;", JAVA_STRING, FORM_OBJECT},
	{BYTEAOID, "byte[]", "[B", JAVA_BYTES, FORM_OBJECT},
	{TIMESTAMPTZOID, "java.time.OffsetDateTime", "Ljava/time/OffsetDateTime;", JAVA_MOMENT, FORM_OBJECT},
	{INT2ARRAYOID, "short[]", "[S", JAVA_SHORT, FORM_ARRAY},
	{INT4ARRAYOID, "int[]", "[I", JAVA_INT, FORM_ARRAY},
	{INT8ARRAYOID, "long[]", "[J", JAVA_LONG, FORM_ARRAY},
	{FLOAT4ARRAYOID, "float[]", "[F", JAVA_FLOAT, FORM_ARRAY},
	{FLOAT8ARRAYOID, "double[]", "[D", JAVA_DOUBLE, FORM_ARRAY},
};

/* What there is once for each kind, in the order of JavaKind */
static struct Kind
{
	const char *name;			/* of the class of objects, in class files */
	const char *box;			/* signature of valueOf() */
	const char *unbox_name;
	const char *unbox_signature;
	const char *array_name;
	Oid			sql_type;		/* of an array's elements */
	int			size;
	jclass		class;
	jclass		array_class;
	jmethodID	box_method;
	jmethodID	unbox_method;
}			kinds[] = {
	{"java/lang/Boolean", "(Z)Ljava/lang/Boolean;", "booleanValue", "()Z"},
	{"java/lang/Short", "(S)Ljava/lang/Short;", "shortValue", "()S", "[S", INT2OID, 2},
	{"java/lang/Integer", "(I)Ljava/lang/Integer;", "intValue", "()I", "[I", INT4OID, 4},
	{"java/lang/Long", "(J)Ljava/lang/Long;", "longValue", "()J", "[J", INT8OID, 8},
	{"java/lang/Float", "(F)Ljava/lang/Float;", "floatValue", "()F", "[F", FLOAT4OID, 4},
	{"java/lang/Double", "(D)Ljava/lang/Double;", "doubleValue", "()D", "[D", FLOAT8OID, 8},
	{"java/lang/String"},
	{"[B"},
	{"java/time/OffsetDateTime"},
};

/* The mapping of a type of SQL, to a type of Java if one is named, or NULL */
const JavaType *
java_type(Oid sql_type, const char *name)
{
	for (int i = 0; i < lengthof(types); i++)
	{
		if (types[i].sql_type == sql_type &&
			(name == NULL || strcmp(types[i].name, name) == 0))
			return &types[i];
	}
	return NULL;
}

/* Finds the classes and methods that conversions use */
void
prepare_types(void)
{
	for (int i = 0; i < lengthof(kinds); i++)
	{
		struct Kind *kind = &kinds[i];

		if (kind->box != NULL)
		{
			kind->class = java_class(kind->name);
			kind->box_method = JNI(GetStaticMethodID, kind->class, "valueOf", kind->box);
			kind->unbox_method = JNI(GetMethodID, kind->class,
									 kind->unbox_name, kind->unbox_signature);
			check_java();
		}
		if (kind->array_name != NULL)
			kind->array_class = java_class(kind->array_name);
	}
}

/* The class of a kind's objects, found when it is needed: java.time takes long to load */
static jclass
object_class(JavaKind kind)
{
	if (kinds[kind].class == NULL)
		kinds[kind].class = java_class(kinds[kind].name);
	return kinds[kind].class;
}

/* A string in the server's encoding as one of Java's UTF-16 */
jstring
string_to_java(const char *value, int length)
{
	char	   *utf8 = pg_server_to_any(value, length, PG_UTF8);
	int			utf8_length = utf8 == value ? length : strlen(utf8);
	const unsigned char *from = (const unsigned char *) utf8;
	const unsigned char *end = from + utf8_length;
	jchar	   *utf16 = palloc_extended((Size) utf8_length * sizeof(jchar) + 1, MCXT_ALLOC_HUGE);
	jsize		used = 0;
	jstring		result;

	while (from < end)
	{
		pg_wchar	c = utf8_to_unicode(from);

		from += pg_utf_mblen(from);
		if (c >= 0x10000)
		{
			utf16[used++] = 0xd800 + ((c - 0x10000) >> 10);
			utf16[used++] = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		else
			utf16[used++] = c;
		if ((used & 0xfffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	result = JNI(NewString, utf16, used);
	check_java();
	pfree(utf16);
	if (utf8 != value)
		pfree(utf8);
	return result;
}

/* Java's string in the server's encoding */
char *
string_from_java(jstring value)
{
	jsize		length = JNI(GetStringLength, value);
	jchar	   *utf16 = palloc_extended((Size) length * sizeof(jchar) + 1, MCXT_ALLOC_HUGE);
	unsigned char *utf8 = palloc_extended((Size) length * 3 + 1, MCXT_ALLOC_HUGE);
	unsigned char *to = utf8;
	char	   *result;

	JNI(GetStringRegion, value, 0, length, utf16);
	check_java();
	for (jsize i = 0; i < length; i++)
	{
		pg_wchar	c = utf16[i];

		if (c >= 0xd800 && c <= 0xdbff && i + 1 < length &&
			utf16[i + 1] >= 0xdc00 && utf16[i + 1] <= 0xdfff)
			c = 0x10000 + ((c - 0xd800) << 10) + (utf16[++i] - 0xdc00);
		else if (c == 0 || (c >= 0xd800 && c <= 0xdfff))
			ereport(ERROR,
					(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
					 errmsg("invalid character \\u%04X at position %d of a string from Java",
							(unsigned) c, i + 1)));
		unicode_to_utf8(c, to);
		to += pg_utf_mblen(to);
		if ((i & 0xfffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	*to = '\0';
	pfree(utf16);
	if (to - utf8 > MaxAllocSize - VARHDRSZ - 1)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("string from Java is too long: %zu bytes", (size_t) (to - utf8))));
	result = pg_any_to_server((char *) utf8, to - utf8, PG_UTF8);
	if (result != (char *) utf8)
		pfree(utf8);
	return result;
}

jbyteArray
bytes_to_java(const char *value, int length)
{
	jbyteArray	result = JNI(NewByteArray, length);

	check_java();
	JNI(SetByteArrayRegion, result, 0, length, (const jbyte *) value);
	return result;
}

bytea *
bytes_from_java(jbyteArray value)
{
	jsize		length = JNI(GetArrayLength, value);
	bytea	   *result;

	if (length > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("byte array from Java is too long: %d bytes", (int) length)));
	result = palloc(length + VARHDRSZ);
	SET_VARSIZE(result, length + VARHDRSZ);
	JNI(GetByteArrayRegion, value, 0, length, (jbyte *) VARDATA(result));
	return result;
}

static void
refuse_null_element(const ArrayType *array, int argument)
{
	const bits8 *bitmap = ARR_NULLBITMAP(array);
	int			length = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	for (int i = 0; i < length; i++)
	{
		if ((bitmap[i / 8] & (1 << (i % 8))) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("array element %d of argument %d must not be null",
							ARR_NDIM(array) == 1 ? ARR_LBOUND(array)[0] + i : i + 1, argument)));
	}
}

static jobject
array_to_java(JavaKind kind, Datum value, int argument)
{
	ArrayType  *array = DatumGetArrayTypeP(value);
	jsize		length = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	void	   *data = ARR_DATA_PTR(array);
	jobject		result;

	if (ARR_HASNULL(array))
		refuse_null_element(array, argument);

#define NEW_ARRAY(Type, type) \
	result = JNI(New##Type##Array, length); \
	check_java(); \
	JNI(Set##Type##ArrayRegion, result, 0, length, (const type *) data); \
	break

	switch (kind)
	{
		case JAVA_SHORT:
			NEW_ARRAY(Short, jshort);
		case JAVA_INT:
			NEW_ARRAY(Int, jint);
		case JAVA_LONG:
			NEW_ARRAY(Long, jlong);
		case JAVA_FLOAT:
			NEW_ARRAY(Float, jfloat);
		case JAVA_DOUBLE:
			NEW_ARRAY(Double, jdouble);
		default:
			elog(ERROR, "unexpected kind of array: %d", kind);
	}
	if ((Pointer) array != DatumGetPointer(value))
		pfree(array);
	return result;
}

/* An array of at least one element, whose data is still to come */
static ArrayType *
new_array(JavaKind kind, jsize length)
{
	int			size = kinds[kind].size;
	ArrayType  *array;

	if ((Size) length > MaxArraySize ||
		(Size) length * size > MaxAllocSize - ARR_OVERHEAD_NONULLS(1))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array from Java is too long: %d elements", (int) length)));

	array = palloc(ARR_OVERHEAD_NONULLS(1) + (Size) length * size);
	SET_VARSIZE(array, ARR_OVERHEAD_NONULLS(1) + (Size) length * size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = kinds[kind].sql_type;
	ARR_DIMS(array)[0] = length;
	ARR_LBOUND(array)[0] = 1;
	return array;
}

/* What Java's double[] is in SQL */
Datum
float8_array(const double *values, int length)
{
	ArrayType  *array;

	if (length == 0)
		return PointerGetDatum(construct_empty_array(FLOAT8OID));
	array = new_array(JAVA_DOUBLE, length);
	memcpy(ARR_DATA_PTR(array), values, length * sizeof(double));
	return PointerGetDatum(array);
}

static Datum
array_from_java(JavaKind kind, jobject value)
{
	jsize		length = JNI(GetArrayLength, value);
	ArrayType  *array;
	void	   *data;

	if (length == 0)
		return PointerGetDatum(construct_empty_array(kinds[kind].sql_type));
	array = new_array(kind, length);
	data = ARR_DATA_PTR(array);
	switch (kind)
	{
		case JAVA_SHORT:
			JNI(GetShortArrayRegion, value, 0, length, data);
			break;
		case JAVA_INT:
			JNI(GetIntArrayRegion, value, 0, length, data);
			break;
		case JAVA_LONG:
			JNI(GetLongArrayRegion, value, 0, length, data);
			break;
		case JAVA_FLOAT:
			JNI(GetFloatArrayRegion, value, 0, length, data);
			break;
		case JAVA_DOUBLE:
			JNI(GetDoubleArrayRegion, value, 0, length, data);
			break;
		default:
			elog(ERROR, "unexpected kind of array: %d", kind);
	}
	return PointerGetDatum(array);
}

static jvalue
primitive_to_java(JavaKind kind, Datum value)
{
	jvalue		result;

	switch (kind)
	{
		case JAVA_BOOLEAN:
			result.z = DatumGetBool(value) ? JNI_TRUE : JNI_FALSE;
			break;
		case JAVA_SHORT:
			result.s = DatumGetInt16(value);
			break;
		case JAVA_INT:
			result.i = DatumGetInt32(value);
			break;
		case JAVA_LONG:
			result.j = DatumGetInt64(value);
			break;
		case JAVA_FLOAT:
			result.f = DatumGetFloat4(value);
			break;
		case JAVA_DOUBLE:
			result.d = DatumGetFloat8(value);
			break;
		default:
			elog(ERROR, "unexpected kind of primitive: %d", kind);
	}
	return result;
}

static Datum
primitive_from_java(JavaKind kind, jvalue value)
{
	switch (kind)
	{
		case JAVA_BOOLEAN:
			return BoolGetDatum(value.z != JNI_FALSE);
		case JAVA_SHORT:
			return Int16GetDatum(value.s);
		case JAVA_INT:
			return Int32GetDatum(value.i);
		case JAVA_LONG:
			return Int64GetDatum(value.j);
		case JAVA_FLOAT:
			return Float4GetDatum(value.f);
		case JAVA_DOUBLE:
			return Float8GetDatum(value.d);
		default:
			elog(ERROR, "unexpected kind of primitive: %d", kind);
	}
}

static jobject
object_to_java(JavaKind kind, Datum value, int argument)
{
	jobject		result;
	jvalue		primitive;

	if (kind == JAVA_STRING)
	{
		text	   *string = DatumGetTextPP(value);

		result = string_to_java(VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string));
		if ((Pointer) string != DatumGetPointer(value))
			pfree(string);
	}
	else if (kind == JAVA_BYTES)
	{
		bytea	   *bytes = DatumGetByteaPP(value);

		result = bytes_to_java(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
		if ((Pointer) bytes != DatumGetPointer(value))
			pfree(bytes);
	}
	else if (kind == JAVA_MOMENT)
	{
		if (TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(value)))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("argument %d must not be infinite", argument)));
		primitive.j = DatumGetTimestampTz(value);
		result = JNI(CallStaticObjectMethodA, helper.support, helper.moment, &primitive);
		check_java();
	}
	else
	{
		primitive = primitive_to_java(kind, value);
		result = JNI(CallStaticObjectMethodA, kinds[kind].class, kinds[kind].box_method, &primitive);
		check_java();
	}
	return result;
}

static Datum
object_from_java(JavaKind kind, jobject value)
{
	jvalue		result = {0};

	switch (kind)
	{
		case JAVA_BOOLEAN:
			result.z = JNI(CallBooleanMethod, value, kinds[kind].unbox_method);
			break;
		case JAVA_SHORT:
			result.s = JNI(CallShortMethod, value, kinds[kind].unbox_method);
			break;
		case JAVA_INT:
			result.i = JNI(CallIntMethod, value, kinds[kind].unbox_method);
			break;
		case JAVA_LONG:
			result.j = JNI(CallLongMethod, value, kinds[kind].unbox_method);
			break;
		case JAVA_FLOAT:
			result.f = JNI(CallFloatMethod, value, kinds[kind].unbox_method);
			break;
		case JAVA_DOUBLE:
			result.d = JNI(CallDoubleMethod, value, kinds[kind].unbox_method);
			break;
		case JAVA_STRING:
			return CStringGetTextDatum(string_from_java(value));
		case JAVA_BYTES:
			return PointerGetDatum(bytes_from_java(value));
		case JAVA_MOMENT:
			result.j = JNI(CallStaticLongMethod, helper.support, helper.micros, value);
			check_java();
			if (!IS_VALID_TIMESTAMP(result.j))
				ereport(ERROR,
						(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						 errmsg("timestamp out of range")));
			return TimestampTzGetDatum(result.j);
	}
	check_java();
	return primitive_from_java(kind, result);
}

/* An argument, counted from 1, for Java */
jvalue
to_java(const JavaType *type, Datum value, bool isnull, int argument)
{
	jvalue		result;

	result.l = NULL;
	if (isnull)
	{
		if (type->form == FORM_PRIMITIVE)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument %d must not be null", argument),
					 errdetail("Its type in Java is %s.", type->name)));
		return result;
	}
	switch (type->form)
	{
		case FORM_PRIMITIVE:
			return primitive_to_java(type->kind, value);
		case FORM_OBJECT:
			result.l = object_to_java(type->kind, value, argument);
			break;
		case FORM_ARRAY:
			result.l = array_to_java(type->kind, value, argument);
			break;
	}
	return result;
}

/* What a method of that result type returned */
Datum
from_java(const JavaType *type, jvalue value, bool *isnull)
{
	*isnull = false;
	if (type->form == FORM_PRIMITIVE)
		return primitive_from_java(type->kind, value);
	if (value.l == NULL)
	{
		*isnull = true;
		return (Datum) 0;
	}
	if (type->form == FORM_ARRAY)
		return array_from_java(type->kind, value.l);
	return object_from_java(type->kind, value.l);
}

/*
 * What an iterator returned. Generics are not checked at run time, so the
 * element may be of any class.
 */
Datum
from_java_element(const JavaType *type, jobject element, bool *isnull)
{
	jclass		class = type->form == FORM_ARRAY ?
		kinds[type->kind].array_class : object_class(type->kind);

	*isnull = element == NULL;
	if (element == NULL)
		return (Datum) 0;
	if (!JNI(IsInstanceOf, element, class))
	{
		jstring		string = JNI(CallStaticObjectMethod, helper.support, helper.type_name, element);
		char	   *name;

		check_java();
		name = string_from_java(string);
		JNI(DeleteLocalRef, string);
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("iterator returned an element of class %s, not %s", name, type->name)));
	}
	if (type->form == FORM_ARRAY)
		return array_from_java(type->kind, element);
	return object_from_java(type->kind, element);
}
