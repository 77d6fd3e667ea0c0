package org.bqx.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.HashMap;
import java.util.Map;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** Processor and memory of the server's processes, where the server is on this machine. */
final class ProcessLoad {
  /**
   * @param cpuPercent of one processor
   * @param memoryBytes resident
   */
  record Load(double cpuPercent, long memoryBytes) {}

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
    return new Load(100 * load, process.getResidentSetSize());
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
