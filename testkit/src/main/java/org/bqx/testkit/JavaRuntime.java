package org.bqx.testkit;

/**
 * The extension that runs Java in the server.
 *
 * @param extension {@code pljava} or {@code sqljrt}
 * @param version the version CREATE EXTENSION gives
 */
public record JavaRuntime(String extension, String version) {

  @Override
  public String toString() {
    return extension + " " + version;
  }
}
