package org.bqx.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** Processor and memory of the server's processes, where the server is on this machine. */
final class ProcessLoad {
  /**
   * @param cpuPercent of one processor
   * @param memoryBytes of its own, null where that cannot be read
   */
  record Load(double cpuPercent, Long memoryBytes) {}

  private static final String ANONYMOUS = "RssAnon:";

  private final boolean local;
  private final Map<Integer, OSProcess> before = new HashMap<>();

  /**
   * @param host the server's
   */
  ProcessLoad(String host) {
    local = isLocal(host);
  }

  /** Returns a backend's load since the last call, its whole life at first; null when unknown. */
  Load of(int pid) {
    OSProcess process = local ? Machine.SYSTEM.getProcess(pid) : null;
    // A server in a container has process ids of its own, which name other processes here.
    if (process == null || !process.getName().startsWith("postgres")) {
      before.remove(pid);
      return null;
    }
    double load = process.getProcessCpuLoadBetweenTicks(before.put(pid, process));
    return new Load(100 * load, anonymousBytes(Path.of("/proc", Integer.toString(pid), "status")));
  }

  /**
   * Returns the memory that a process shares with no other, null where the system does not say.
   * What is resident holds the shared buffers, too: as much for each backend as there are.
   *
   * @param status as Linux has it in {@code /proc}
   */
  static Long anonymousBytes(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith(ANONYMOUS) && line.endsWith(" kB")) {
          String kilobytes = line.substring(ANONYMOUS.length(), line.length() - " kB".length());
          return Long.parseLong(kilobytes.strip()) << 10;
        }
      }
    } catch (IOException | NumberFormatException unknown) {
      return null;
    }
    return null;
  }

  /** Made when somebody works: it loads a library of native code. */
  private static final class Machine {
    private static final OperatingSystem SYSTEM = new SystemInfo().getOperatingSystem();
  }

  static boolean isLocal(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException unknown) {
      return false;
    }
  }
}
