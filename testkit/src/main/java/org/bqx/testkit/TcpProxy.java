package org.bqx.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.Driver;

/**
 * A network that can break, between a client and a server on this machine: it carries the bytes of
 * any number of connections, until it is told not to.
 *
 * <p>Two threads a connection, one each way. Closing one side closes the other.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 4096;
  private static final int CONNECT_MILLIS = 5_000;

  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesLost = new AtomicLong();
  private volatile boolean answersLost;
  private volatile boolean requestsLost;
  private volatile long pauseMillis;

  private TcpProxy(InetSocketAddress server) throws IOException {
    this.server = server;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Starts a proxy before the server of a JDBC URL, which must be on this machine. */
  public static TcpProxy before(String jdbcUrl) throws IOException {
    Properties url = Driver.parseURL(jdbcUrl, null);
    InetAddress host = InetAddress.getByName(url.getProperty("PGHOST"));
    if (!host.isLoopbackAddress()) {
      throw new IllegalArgumentException(host + " is another machine");
    }
    return new TcpProxy(new InetSocketAddress(host, Integer.parseInt(url.getProperty("PGPORT"))));
  }

  /** Returns the port of 127.0.0.1 that stands for the server's. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Loses what the server says from now on; the connections stay open. */
  public void loseAnswers() {
    answersLost = true;
  }

  /** Loses what either side says from now on; connections stay open, and new ones are accepted. */
  public void fallSilent() {
    answersLost = true;
    requestsLost = true;
  }

  /** Waits before each few kilobytes. */
  public void slowDown(long millis) {
    pauseMillis = millis;
  }

  /** Carries everything again, at once; what was lost stays lost. */
  public void recover() {
    answersLost = false;
    requestsLost = false;
    pauseMillis = 0;
  }

  /** Closes every connection that is open. */
  public void cut() {
    sockets.forEach(TcpProxy::close);
    sockets.clear();
  }

  /** Returns how many bytes were lost so far. */
  public long bytesLost() {
    return bytesLost.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        Socket upstream = new Socket();
        sockets.add(client);
        sockets.add(upstream);
        try {
          upstream.connect(server, CONNECT_MILLIS);
        } catch (IOException refused) {
          close(client);
          continue;
        }
        start(() -> carry(client, upstream, false));
        start(() -> carry(upstream, client, true));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void carry(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
        if (answers ? answersLost : requestsLost) {
          bytesLost.addAndGet(length);
        } else {
          out.write(buffer, 0, length);
        }
      }
    } catch (IOException cut) {
      close(to);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyClosed) {
      // It is what was wanted.
    }
  }
}
