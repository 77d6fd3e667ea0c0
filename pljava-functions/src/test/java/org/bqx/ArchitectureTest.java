package org.bqx;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.bqx.functions.ReferenceFunctions;

@AnalyzeClasses(packages = "org.bqx", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule KERNEL_IS_PURE =
      classes()
          .that()
          .resideInAPackage("org.bqx.kernel")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.bqx.kernel", "java.lang..", "java.util");

  @ArchTest
  static final ArchRule REFERENCE_SHARES_NOTHING_WITH_THE_KERNEL =
      classes()
          .that()
          .resideInAPackage("org.bqx.reference")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.bqx.reference", "java.lang..", "org.apache.commons.math3..");

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
          .areNotAssignableTo(ReferenceFunctions.class)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bqx.reference");
}
