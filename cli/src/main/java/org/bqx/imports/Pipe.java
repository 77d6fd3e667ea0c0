package org.bqx.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Opens a named pipe. That waits, in the kernel and for as long as nobody writes, so it happens in
 * a thread of its own; whoever waits for it can be woken by closing the stream that stands for it.
 */
final class Pipe extends InputStream {
  private final CompletableFuture<InputStream> opening = new CompletableFuture<>();

  private Pipe() {}

  /**
   * @param opened is shown the stream at once
   * @throws IOException when it cannot be opened, or was closed before it could
   */
  static InputStream open(Path path, Consumer<InputStream> opened) throws IOException {
    Pipe pipe = new Pipe();
    opened.accept(pipe);
    Thread opener =
        new Thread(
            () -> {
              try {
                pipe.opening.complete(Files.newInputStream(path));
              } catch (IOException | RuntimeException refused) {
                pipe.opening.completeExceptionally(refused);
              }
            },
            "open pipe");
    opener.setDaemon(true);
    opener.start();
    try {
      return pipe.opening.join();
    } catch (CompletionException refused) {
      if (refused.getCause() instanceof IOException why) {
        throw why;
      }
      throw refused;
    }
  }

  @Override
  public int read() throws IOException {
    throw new IOException("a pipe is read by the stream that open returns");
  }

  @Override
  public void close() {
    opening.completeExceptionally(new IOException("closed while it was opened"));
  }
}
