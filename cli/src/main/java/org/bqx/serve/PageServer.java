package org.bqx.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.report.HtmlReport;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows a page on this machine alone, to whoever has its address.
 *
 * <p>The address has 192 random bits, which other users of the machine and other pages of the
 * browser do not know. A name that somebody points to 127.0.0.1 is refused, since a browser would
 * give that name's pages what is here: the Host must be one of ours. Nothing is written: GET and
 * HEAD alone are taken, and the database is read in read-only transactions. Requests, their length
 * and their time are bounded.
 */
public final class PageServer implements AutoCloseable {
  private static final int TOKEN_BYTES = 24;
  private static final int THREADS = 4;
  private static final int WAITING = 16;
  private static final int BACKLOG = 16;
  private static final int LONGEST_QUERY = 400;
  private static final int CLOSING_SECONDS = 0;
  private static final String HTML = "text/html; charset=utf-8";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String TEXT = "text/plain; charset=utf-8";

  static {
    // Read once by the JDK's server: seconds that a request and its answer may take, and
    // connections.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "60");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "16");
    System.setProperty("jdk.httpserver.maxConnections", "64");
  }

  private final LivePage page;
  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final String root;
  private final Set<String> hosts;

  /**
   * Begins to answer.
   *
   * @param port on 127.0.0.1, 0 for any that is free
   * @throws Failure when the port is taken or not to be had
   */
  public PageServer(LivePage page, int port) {
    this.page = page;
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    root = "/" + Base64.getUrlEncoder().withoutPadding().encodeToString(token) + "/";
    try {
      server = HttpServer.create(new InetSocketAddress(loopback(), port), BACKLOG);
    } catch (BindException taken) {
      throw new Failure(
          ExitCode.FAILED,
          "cannot listen on port %d of 127.0.0.1: %s".formatted(port, taken.getMessage()),
          "./bqx serve, without --http-port, takes one that is free",
          taken);
    } catch (IOException refused) {
      throw Failure.of(refused);
    }
    int own = server.getAddress().getPort();
    hosts = Set.of("127.0.0.1:" + own, "localhost:" + own);
    threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING));
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Returns the address of the page. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + root);
  }

  @Override
  public void close() {
    server.stop(CLOSING_SECONDS);
    threads.shutdownNow();
  }

  /** What is answered. */
  private record Answer(int status, String type, String text) {}

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answer(exchange));
    }
  }

  private Answer answer(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (host == null || !hosts.contains(host)) {
      return new Answer(421, TEXT, "This is not the host of this page.\n");
    }
    // What a browser says when another site sends the request. Addresses that are typed have
    // neither.
    String site = exchange.getRequestHeaders().getFirst("Sec-Fetch-Site");
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    if ("cross-site".equals(site)
        || "same-site".equals(site)
        || origin != null && !origin.equals("http://" + host)) {
      return new Answer(403, TEXT, "Not for other sites.\n");
    }
    if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
      return new Answer(405, TEXT, "This page is only read.\n");
    }
    String path = Objects.requireNonNullElse(exchange.getRequestURI().getRawPath(), "");
    int end = path.indexOf('/', 1) + 1;
    // In a time that does not depend on how much of it is right.
    if (!MessageDigest.isEqual(bytes(path.substring(0, end)), bytes(root))) {
      return new Answer(
          404, TEXT, "Nothing is here. The address is the one that bqx serve prints.\n");
    }
    try {
      Map<String, String> parameters = parameters(exchange.getRequestURI().getRawQuery());
      return switch (path.substring(end)) {
        case "" -> new Answer(200, HTML, page.page());
        case "panel" -> new Answer(200, JSON, page.panel(parameters));
        case "months" -> new Answer(200, JSON, page.months(parameters));
        default -> new Answer(404, TEXT, "Nothing is here.\n");
      };
    } catch (LivePage.UnknownException unknown) {
      return error(404, unknown.getMessage());
    } catch (LivePage.BusyException busy) {
      return error(503, "too many questions at a time");
    } catch (SQLException | RuntimeException refused) {
      return error(503, Failure.of(refused).getMessage());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return error(503, "it has ended");
    }
  }

  private static Answer error(int status, String message) {
    return new Answer(
        status, JSON, JsonMapper.shared().writeValueAsString(Map.of("error", message)));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type());
    headers.set("Content-Security-Policy", HtmlReport.policy(true) + "; frame-ancestors 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
    headers.set("Connection", "close");
    if (answer.status() == 405) {
      headers.set("Allow", "GET, HEAD");
    } else if (answer.status() == 503) {
      headers.set("Retry-After", "10");
    }
    byte[] body = bytes(answer.text());
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), isHead ? -1 : body.length);
    if (!isHead) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private static Map<String, String> parameters(String query) throws LivePage.UnknownException {
    Map<String, String> parameters = new HashMap<>();
    if (query == null) {
      return parameters;
    }
    if (query.length() > LONGEST_QUERY) {
      throw new LivePage.UnknownException("the question is too long");
    }
    try {
      for (String part : query.split("&")) {
        String[] pair = part.split("=", 2);
        parameters.put(pair[0], URLDecoder.decode(pair[pair.length - 1], StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException malformed) {
      throw new LivePage.UnknownException("the question is malformed");
    }
    return parameters;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }
}
