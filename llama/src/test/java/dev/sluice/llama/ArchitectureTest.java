package dev.sluice.llama;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

/** Holds the arrow from local models to core, and native code in its place. */
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.sluice.llama");

    @Test
    void localModelsImportCoreAlone() {
        classes()
                .that()
                .resideInAPackage("dev.sluice.llama..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "org.jspecify..", "dev.sluice.core..", "dev.sluice.llama..")
                .check(CLASSES);
    }

    @Test
    void nativeCodeIsMetInTheBindingAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.sluice.llama.binding")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign")
                .check(CLASSES);
    }
}
