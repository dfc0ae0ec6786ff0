package dev.sluice.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Map;

/** The browser package and the logic of the playground in Node. */
class PackageTest {
    @TestFactory
    List<DynamicTest> inNode() {
        return NodeTests.run("unit", "", Map.of());
    }

    @Test
    void theCompiledPlaygroundIsWhatItsSourcesGive() {
        Node.Ran ran = Node.run(Map.of(), "build.mjs", "--check");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.status()).isZero();
    }
}
