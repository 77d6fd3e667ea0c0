package org.bqx.testkit;

/**
 * The extension that runs Java in the server.
 *
 * @param extension {@code pljava} or {@code sqljrt}
 * @param version the version CREATE EXTENSION gives
 */
public record JavaRuntime(String extension, String version) {

  /** Returns whether it is sqljrt, and not PL/Java. */
  public boolean isSqljrt() {
    return extension.equals("sqljrt");
  }

  @Override
  public String toString() {
    return extension + " " + version;
  }
}
