package dev.sluice.web;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;

/** The browser package in the system's Chromium. */
class BrowserIT {
    @TestFactory
    List<DynamicTest> thePackageInChromium() {
        return NodeTests.run("browser", "package", Map.of());
    }

    @TestFactory
    List<DynamicTest> textThatIsSetWhileItIsWritten() {
        return NodeTests.run("browser", "prose", Map.of());
    }
}
