package org.bqx.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bqx.catalogue.FamilyFact;
import org.bqx.catalogue.FamilyStore;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "families",
    description = {
      "List the families of features: what is computed, from how many bars, and how far.",
      "--enable and --disable say what this database computes."
    })
final class FamiliesCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;

  @Option(
      names = "--enable",
      split = ",",
      paramLabel = "FAMILY",
      description = "make the family's tables and compute it from now on; all for every family")
  private List<String> enable = List.of();

  @Option(
      names = "--disable",
      split = ",",
      paramLabel = "FAMILY",
      description = "compute it no more; its tables stay as they are")
  private List<String> disable = List.of();

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    try (FamilyStore store = new FamilyStore(bqx.database("families"))) {
      List<String> enabled = store.named(enable);
      List<String> disabled = store.named(disable);
      for (String family : enabled) {
        store.enable(family, true);
      }
      for (String family : disabled) {
        store.enable(family, false);
      }
      List<FamilyFact> families = store.read();
      bqx.sayOfLost(store.lost());
      if (json) {
        bqx.printJson("families", families);
        return ExitCode.DONE.code();
      }
      bqx.print(
          String.format(
              Locale.ROOT,
              "%-8s %-8s %-8s %7s %9s %9s %6s %15s %9s  %s",
              "family",
              "role",
              "computed",
              "columns",
              "lookback",
              "lookahead",
              "stage",
              "partitions done",
              "disk",
              "what"));
      for (FamilyFact family : families) {
        bqx.print(line(family));
      }
    }
    return ExitCode.DONE.code();
  }

  private static String partitions(FamilyFact family) {
    if (!family.enabled()) {
      return "-";
    }
    boolean hasNone = family.partitions() == 0 && family.withoutQuotes() > 0;
    return hasNone ? "no bid and ask" : family.done() + " of " + family.partitions();
  }

  private static String line(FamilyFact family) {
    return String.format(
        Locale.ROOT,
        "%-8s %-8s %-8s %7d %9d %9d %6s %15s %9s  %s",
        family.family(),
        family.role(),
        family.enabled() ? "yes" : "no",
        family.columns(),
        family.lookback(),
        family.lookahead(),
        family.stage(),
        partitions(family),
        family.bytes() == 0 ? "-" : Quantity.bytes(family.bytes()),
        family.description());
  }
}
