package dev.sluice.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;

/** Holds the arrows between packages that docs/architecture.md draws. */
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.sluice");

    private static final String[] NETWORK = {"io.vertx..", "io.netty.."};

    private static void hold(ArchRule rule) {
        rule.check(CLASSES);
    }

    @Test
    void coreImportsNoneOfOurs() {
        hold(
                noClasses()
                        .that()
                        .resideInAPackage("dev.sluice.core..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("dev.sluice.dialect..", "dev.sluice.gateway..")
                        .orShould()
                        .dependOnClassesThat()
                        .resideInAnyPackage(NETWORK));
    }

    @Test
    void dialectsImportCoreAlone() {
        hold(
                noClasses()
                        .that()
                        .resideInAPackage("dev.sluice.dialect..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.sluice.gateway..")
                        .orShould()
                        .dependOnClassesThat()
                        .resideInAnyPackage(NETWORK));
    }

    @Test
    void dialectsDoNotKnowEachOther() {
        hold(slices().matching("dev.sluice.dialect.(*)..").should().notDependOnEachOther());
    }

    @Test
    void theExchangeKnowsInterfacesOnly() {
        hold(
                classes()
                        .that()
                        .resideInAPackage("dev.sluice.gateway.exchange")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "java..",
                                "org.jspecify..",
                                "dev.sluice.core..",
                                "dev.sluice.gateway.exchange"));
    }

    @Test
    void clientSideAndModelSideDoNotKnowEachOther() {
        hold(
                noClasses()
                        .that()
                        .resideInAPackage("dev.sluice.gateway.ingress")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.sluice.gateway.upstream"));
        hold(
                noClasses()
                        .that()
                        .resideInAPackage("dev.sluice.gateway.upstream")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.sluice.gateway.ingress"));
    }

    @Test
    void theNetworkLibraryIsKnownToBothSidesAndToTheWiringAlone() {
        hold(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "dev.sluice.gateway.ingress", "dev.sluice.gateway.upstream")
                        .and()
                        .haveNameNotMatching("dev\\.sluice\\.gateway\\.Gateway(\\$.*)?")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(NETWORK));
    }
}
