package org.bqx;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.bqx.functions.ReferenceFunctions;
import org.bqx.kernel.Bars;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(packages = "org.bqx", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /** Of these the last bit may differ between machines, and even between runs. */
  private static final Set<String> INEXACT =
      Set.of(
          "acos", "asin", "atan", "atan2", "cbrt", "cos", "cosh", "exp", "expm1", "hypot", "log",
          "log10", "log1p", "pow", "sin", "sinh", "tan", "tanh");

  @ArchTest
  static final ArchRule KERNEL_IS_PURE =
      classes()
          .that()
          .resideInAPackage("org.bqx.kernel")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.bqx.kernel", "java.lang..", "java.util");

  @ArchTest static final ArchRule KERNEL_COMPUTES_THE_SAME_BITS_EVERYWHERE = sameBits();

  @ArchTest
  static final ArchRule REFERENCE_SHARES_THE_BARS_ALONE_WITH_THE_KERNEL =
      classes()
          .that()
          .resideInAPackage("org.bqx.reference")
          .should()
          .onlyDependOnClassesThat(
              describe(
                  "are Bars, of the reference, of the platform or of Commons Math",
                  type ->
                      type.isEquivalentTo(Bars.class)
                          || JavaClass.Predicates.resideInAnyPackage(
                                  "org.bqx.reference",
                                  "java.lang..",
                                  "java.util..",
                                  "org.apache.commons.math3..")
                              .test(type)));

  @ArchTest
  static final ArchRule FUNCTIONS_NEED_THE_PLATFORM_ALONE =
      classes()
          .that()
          .resideInAPackage("org.bqx.functions")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.bqx..", "java..");

  @ArchTest
  static final ArchRule ONLY_THE_REFERENCE_SHIM_CALLS_THE_REFERENCE =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.bqx.reference")
          .and()
          .doNotBelongToAnyOf(ReferenceFunctions.class)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bqx.reference");

  private static ArchRule sameBits() {
    return noClasses()
        .that()
        .resideInAPackage("org.bqx.kernel")
        .should()
        .accessTargetWhere(
            describe("is a function of Math that is not exact", ArchitectureTest::isInexact));
  }

  private static boolean isInexact(JavaAccess<?> access) {
    return access.getTargetOwner().isEquivalentTo(Math.class)
        && INEXACT.contains(access.getTarget().getName());
  }

  /** The rule above sees calls and method references. */
  @Test
  void inexactFunctionsAreFound() {
    for (Class<?> type : List.of(Call.class, Reference.class)) {
      assertThat(
              new ClassFileImporter()
                  .importClasses(type).get(type).getAccessesFromSelf().stream()
                      .anyMatch(ArchitectureTest::isInexact))
          .as(type.getSimpleName())
          .isTrue();
    }
  }

  private static final class Call {
    double call(double x) {
      return Math.exp(x);
    }
  }

  private static final class Reference {
    DoubleUnaryOperator reference() {
      return Math::log1p;
    }
  }
}
