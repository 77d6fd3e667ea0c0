package example;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;

/** One method for each type, most of which give back what they get. */
public final class Values {
  private Values() {}

  public static boolean same(boolean value) {
    return value;
  }

  public static short same(short value) {
    return value;
  }

  public static int same(int value) {
    return value;
  }

  public static long same(long value) {
    return value;
  }

  public static float same(float value) {
    return value;
  }

  public static double same(double value) {
    return value;
  }

  public static Boolean same(Boolean value) {
    return value;
  }

  public static Short same(Short value) {
    return value;
  }

  public static Integer same(Integer value) {
    return value;
  }

  public static Long same(Long value) {
    return value;
  }

  public static Float same(Float value) {
    return value;
  }

  public static Double same(Double value) {
    return value;
  }

  public static String same(String value) {
    return value;
  }

  public static byte[] same(byte[] value) {
    return value;
  }

  public static OffsetDateTime same(OffsetDateTime value) {
    return value;
  }

  public static short[] same(short[] value) {
    return value;
  }

  public static int[] same(int[] value) {
    return value;
  }

  public static long[] same(long[] value) {
    return value;
  }

  public static float[] same(float[] value) {
    return value;
  }

  public static double[] same(double[] value) {
    return value;
  }

  public static int length(String value) {
    return value.length();
  }

  public static String codePoint(int value) {
    return new String(Character.toChars(value));
  }

  public static String text(OffsetDateTime value) {
    return value.toString();
  }

  public static OffsetDateTime moment(String value) {
    return OffsetDateTime.parse(value);
  }

  public static OffsetDateTime plusNanos(OffsetDateTime value, long nanos) {
    return value.plus(Duration.ofNanos(nanos));
  }

  public static double sum(double[] values, int[] indexes, Integer skip) {
    double sum = skip == null ? 0 : -skip;
    for (int index : indexes) {
      sum += values[index];
    }
    return sum;
  }

  public static String resource(String name) throws IOException {
    try (InputStream in = Values.class.getResourceAsStream(name)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
