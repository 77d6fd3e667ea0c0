package org.bqx.functions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The classes of the jar. In a session of PL/Java, a class that was not loaded before its jar was
 * replaced cannot be loaded any more, nor a resource read: one family's rows would fail after
 * another's, and the reference after the kernel. So all are loaded when the session first calls a
 * function.
 *
 * <p>A session of sqljrt holds the jar itself, and says so: there a class is loaded when it is
 * first used, and most never are.
 */
final class JarClasses {

  /** Names in ascending order, one a line; written when the jar is packed. */
  static final String LIST = "/org/bqx/functions/classes.txt";

  private static final String KEEPS_JARS = "sqljrt.keeps_jars";

  private JarClasses() {}

  /** Has all classes loaded, but for a program that has them on its own class path. */
  static void load() {
    ClassLoader loader = JarClasses.class.getClassLoader();
    if (loader != ClassLoader.getSystemClassLoader() && !Boolean.getBoolean(KEEPS_JARS)) {
      All.load();
    }
  }

  /**
   * Apart, since what reads the list takes longer to load than to be told that it is not needed.
   */
  private static final class All {

    static {
      loadAll();
    }

    private All() {}

    static void load() {
      // Done by the initialisation of this class.
    }

    /** Loads them; each is initialised when it is first used, as ever. */
    private static void loadAll() {
      ClassLoader loader = JarClasses.class.getClassLoader();
      try (InputStream list = JarClasses.class.getResourceAsStream(LIST)) {
        if (list == null) {
          return; // classes that are in no jar
        }
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(list, StandardCharsets.US_ASCII));
        for (String name = lines.readLine(); name != null; name = lines.readLine()) {
          Class.forName(name, false, loader);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("the jar lacks a class of its list", e);
      }
    }
  }
}
