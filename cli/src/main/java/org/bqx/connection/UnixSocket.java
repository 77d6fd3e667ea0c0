package org.bqx.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A {@link Socket} over a Unix socket's channel, with what the driver uses of one.
 *
 * <p>Java has the channel, and no socket of it. A read has to end after {@code SO_TIMEOUT}, and
 * when another thread closes the socket, so the channel does not block and a selector waits: one
 * for reading and one for writing, since two threads may do both at once.
 */
final class UnixSocket extends Socket {
  private final String path;
  private SocketChannel channel;
  private Selector readable;
  private Selector writable;
  private volatile int timeout;
  private volatile boolean closed;

  UnixSocket(String path) {
    this.path = path;
  }

  @Override
  public void connect(SocketAddress ignored) throws IOException {
    connect(ignored, 0);
  }

  /** Connects at once, or when the queue of a busy server has room: the login timeout ends that. */
  @Override
  public void connect(SocketAddress ignored, int milliseconds) throws IOException {
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
      channel.configureBlocking(false);
      readable = Selector.open();
      channel.register(readable, SelectionKey.OP_READ);
      writable = Selector.open();
      channel.register(writable, SelectionKey.OP_WRITE);
    } catch (IOException | RuntimeException failed) {
      close();
      SocketException named = new SocketException(path + ": " + failed.getMessage());
      named.initCause(failed);
      throw named;
    }
  }

  @Override
  public InputStream getInputStream() {
    return new Input();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output();
  }

  @Override
  public void setSoTimeout(int milliseconds) {
    timeout = milliseconds;
  }

  @Override
  public int getSoTimeout() {
    return timeout;
  }

  @Override
  public boolean isConnected() {
    return channel != null && channel.isConnected();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (channel != null) {
      channel.close();
    }
    // Closing a selector wakes who waits in it.
    if (readable != null) {
      readable.close();
    }
    if (writable != null) {
      writable.close();
    }
  }

  /** TCP's own: nothing that a Unix socket has. */
  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public boolean getTcpNoDelay() {
    return true;
  }

  /** A Unix socket's other end is on this machine: its loss is seen at once. */
  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public boolean getKeepAlive() {
    return true;
  }

  private static void await(Selector selector, int milliseconds) throws IOException {
    long deadline = System.nanoTime() + milliseconds * 1_000_000L;
    long left = milliseconds;
    while (selector.select(left) == 0) {
      if (Thread.currentThread().isInterrupted()) {
        throw new SocketException("interrupted");
      }
      left = milliseconds == 0 ? 0 : (deadline - System.nanoTime() + 999_999) / 1_000_000;
      if (milliseconds > 0 && left <= 0) {
        throw new SocketTimeoutException("nothing came for %d ms".formatted(milliseconds));
      }
    }
    selector.selectedKeys().clear();
  }

  private static IOException closed(Exception cause) {
    SocketException closed = new SocketException("socket closed");
    closed.initCause(cause);
    return closed;
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      try {
        int count = channel.read(buffer);
        while (count == 0) {
          await(readable, timeout);
          count = channel.read(buffer);
        }
        return count;
      } catch (ClosedChannelException | ClosedSelectorException gone) {
        throw closed(gone);
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      try {
        while (buffer.hasRemaining()) {
          if (channel.write(buffer) == 0) {
            await(writable, 0);
          }
        }
      } catch (ClosedChannelException | ClosedSelectorException gone) {
        throw closed(gone);
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }
}
