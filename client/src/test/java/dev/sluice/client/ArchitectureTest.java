package dev.sluice.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

/** Holds the arrow from the library to the rest: core and dialects, and the JDK. */
class ArchitectureTest {
    @Test
    void theLibraryNeverSeesTheGatewayNorANetworkLibrary() {
        classes()
                .that()
                .resideInAPackage("dev.sluice.client..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "org.jspecify..",
                        "dev.sluice.core..",
                        "dev.sluice.dialect",
                        "dev.sluice.client..")
                .check(
                        new ClassFileImporter()
                                .withImportOption(new ImportOption.DoNotIncludeTests())
                                .importPackages("dev.sluice.client"));
    }
}
