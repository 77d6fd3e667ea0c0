package org.bqx.cluster;

/** The local PostgreSQL cannot be found, started or stopped; the message says what to do. */
public final class ClusterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ClusterException(String message) {
    super(message);
  }

  ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
