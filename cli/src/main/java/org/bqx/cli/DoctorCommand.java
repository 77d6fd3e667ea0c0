package org.bqx.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.bqx.doctor.Doctor;
import org.bqx.doctor.Finding;
import org.bqx.doctor.Report;
import org.bqx.failure.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "doctor",
    description = "Say what is installed, what is wrong, and the next command to type.")
final class DoctorCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    List<Finding> findings;
    try (Doctor doctor = new Doctor(bqx.database("doctor"))) {
      findings =
          doctor.examine().stream()
              .map(finding -> finding.withNext(bqx.next(finding.next())))
              .toList();
    }
    if (json) {
      bqx.printJson("findings", findings);
    } else {
      bqx.printLines(Report.render(findings, bqx.columns()));
    }
    return (findings.stream().anyMatch(Finding::isError) ? ExitCode.FAILED : ExitCode.DONE).code();
  }
}
