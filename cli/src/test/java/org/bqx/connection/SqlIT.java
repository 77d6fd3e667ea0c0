package org.bqx.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.Connection;
import java.sql.SQLException;
import org.bqx.failure.Failure;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  @Test
  void whatTheServerWarnedOfIsToldWithTheFailure() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Throwable failed =
          catchThrowable(
              () ->
                  Sql.on(connection)
                      .execute(
                          """
                          DO 'BEGIN
                              RAISE NOTICE ''nothing to see'';
                              RAISE WARNING ''set pljava.libjvm_location'';
                              RAISE EXCEPTION ''cannot use PL/Java'' USING ERRCODE = ''55000'';
                          END'
                          """));
      assertThat(Failure.of(failed))
          .hasMessage("cannot use PL/Java; warning: set pljava.libjvm_location [55000]");
    }
  }
}
