package org.bqx.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Sockets whose keepalive finds out within two minutes that the other machine is gone. The system's
 * default is two hours, and a statement that computes sends nothing for as long as it takes.
 *
 * <p>The driver makes one by its name and turns keepalive on.
 */
public final class ProbingSockets extends SocketFactory {
  private static final int IDLE_SECONDS = 60;
  private static final int INTERVAL_SECONDS = 10;
  private static final int PROBES = 5;

  private final int idleSeconds;
  private final int intervalSeconds;
  private final int probes;

  /**
   * @param limits seconds of silence until the first probe, seconds between probes, and probes
   *     until the connection is given up; 0 for those of this class, as null is for all
   */
  public ProbingSockets(String limits) {
    String[] numbers = (limits == null ? "0,0,0" : limits).split(",");
    idleSeconds = positive(numbers[0], IDLE_SECONDS);
    intervalSeconds = positive(numbers[1], INTERVAL_SECONDS);
    probes = positive(numbers[2], PROBES);
  }

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new Socket();
    if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, idleSeconds);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, intervalSeconds);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, probes);
    }
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connect(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connect(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connect(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connect(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
  }

  private static int positive(String number, int otherwise) {
    int parsed = Integer.parseInt(number);
    return parsed > 0 ? parsed : otherwise;
  }

  private Socket connect(InetSocketAddress remote, InetSocketAddress local) throws IOException {
    Socket socket = createSocket();
    socket.bind(local);
    socket.connect(remote);
    return socket;
  }
}
