package org.bqx.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintWriter;
import org.bqx.connection.Sql;
import org.jooq.impl.DSL;

/** Commands hold no SQL and no JDBC; the packages below them know neither commands nor picocli. */
@AnalyzeClasses(packages = "org.bqx", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {
  @ArchTest
  static final ArchRule COMMANDS_HOLD_NO_JDBC =
      noClasses()
          .that()
          .resideInAPackage("org.bqx.cli")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.jooq..", "org.postgresql..");

  @ArchTest
  static final ArchRule ONLY_COMMANDS_KNOW_PICOCLI =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.bqx.cli")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  /** Bqx makes harmless for a terminal what it prints. */
  @ArchTest
  static final ArchRule COMMANDS_PRINT_BY_BQX =
      noClasses()
          .that()
          .resideInAPackage("org.bqx.cli")
          .and()
          .doNotHaveSimpleName("Bqx")
          .and()
          .doNotHaveSimpleName("CompletionCommand")
          .should()
          .callMethodWhere(
              target(owner(assignableTo(PrintWriter.class)))
                  .and(target(nameMatching("print.*|write|append|format"))));

  /** Else what the server warned of before a failure is not told. */
  @ArchTest
  static final ArchRule ONLY_SQL_MAKES_STATEMENTS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Sql.class.getName())
          .should()
          .callMethodWhere(
              target(owner(assignableTo(DSL.class))).and(target(nameMatching("using"))));

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.bqx.(*)..").should().beFreeOfCycles();
}
