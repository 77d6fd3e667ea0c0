package org.bqx.sqljrt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The class path of one schema: classes and resources of jars held in memory, in class path order,
 * after those of the Java platform. Resources have no URL: {@link #getResourceAsStream} finds them,
 * {@link #getResource} does not.
 */
final class JarLoader extends ClassLoader {
  private JarImage[] jars;

  /**
   * @throws IOException if an image is not a jar
   */
  JarLoader(byte[][] images) throws IOException {
    super(ClassLoader.getPlatformClassLoader());
    jars = new JarImage[images.length];
    for (int i = 0; i < images.length; i++) {
      jars[i] = new JarImage(images[i]);
    }
  }

  /** Leaves the classes that are loaded, and finds no other. */
  void forgetJars() {
    jars = new JarImage[0];
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] content = find(name.replace('.', '/') + ".class");
    if (content == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, content, 0, content.length);
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    InputStream platform = getParent().getResourceAsStream(name);
    if (platform != null) {
      return platform;
    }
    byte[] content = find(name);
    return content == null ? null : new ByteArrayInputStream(content);
  }

  private byte[] find(String name) {
    try {
      for (JarImage jar : jars) {
        byte[] content = jar.read(name);
        if (content != null) {
          return content;
        }
      }
      return null;
    } catch (IOException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
