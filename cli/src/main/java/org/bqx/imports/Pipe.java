package org.bqx.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * A named pipe, or another file that has no places to seek. To open one waits, in the kernel and
 * for as long as nobody writes, so that happens in a thread of its own. Another thread can close
 * the pipe while it is opened or read: who waits for it fails then.
 */
final class Pipe extends InputStream {
  private final CompletableFuture<FileChannel> opening = new CompletableFuture<>();

  private Pipe() {}

  /**
   * @param opened is shown the pipe before it is open
   * @throws IOException when it cannot be opened, or was closed before it could
   */
  static InputStream open(Path path, Consumer<InputStream> opened) throws IOException {
    Pipe pipe = new Pipe();
    opened.accept(pipe);
    Thread opener =
        new Thread(
            () -> {
              try {
                pipe.opening.complete(FileChannel.open(path, StandardOpenOption.READ));
              } catch (IOException | RuntimeException refused) {
                pipe.opening.completeExceptionally(refused);
              }
            },
            "open pipe");
    opener.setDaemon(true);
    opener.start();
    pipe.channel();
    return pipe;
  }

  private FileChannel channel() throws IOException {
    try {
      return opening.join();
    } catch (CompletionException refused) {
      if (refused.getCause() instanceof IOException why) {
        throw why;
      }
      throw refused;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return channel().read(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void close() throws IOException {
    if (!opening.completeExceptionally(new IOException("closed while it was opened"))
        && !opening.isCompletedExceptionally()) {
      opening.join().close();
    }
  }
}
