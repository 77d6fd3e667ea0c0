package org.bqx.imports;

/** A line is no bar; the message says why. Thrown a million times by a bad file: no stack trace. */
final class DefectException extends Exception {
  private static final long serialVersionUID = 1L;

  DefectException(String message) {
    super(message, null, false, false);
  }
}
