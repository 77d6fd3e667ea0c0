package org.bqx.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.bqx.connection.Psql;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "psql",
    description =
        "Run psql on the server that the connection options name. From the first argument on that"
            + " is not a connection option, all are psql's.")
final class PsqlCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;

  @Parameters(arity = "0..*", paramLabel = "ARG", description = "psql's own arguments")
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws InterruptedException {
    Psql psql = bqx.namesServer() ? Psql.on(bqx.connectionOptions()) : Psql.on(bqx.embedded());
    Interrupts.ignore();
    return psql.run(arguments);
  }
}
