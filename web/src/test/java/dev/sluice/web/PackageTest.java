package dev.sluice.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.NodePrograms;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.tools.ToolProvider;

/** The browser package and the logic of the playground in Node. */
class PackageTest {
    private static final String SNIPPET =
            """
            import { snippet } from "./target/js/playground/snippets.js";
            const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
            const text = { type: "text", text: "It's \\"7\\" \\\\u0041\\n🎉" };
            const messages = [
              { role: "user", content: [text, image] },
              { role: "assistant", content: "A dot." },
              { role: "user", content: "And now?" },
              { role: "assistant", content: "", tool_calls: [
                { id: "c1", type: "function", function: { name: "look", arguments: "{}" } },
              ] },
              { role: "tool", tool_call_id: "c1", content: "dark" },
            ];
            const tools = [{ type: "function", function: { name: "look", parameters: {} } }];
            const limits = { maxTokens: 7, temperature: 0.5, extra: { tools } };
            const request = { model: "simulated/echo", system: "Be brief.", messages, ...limits };
            const asked = { origin: "http://127.0.0.1:8080", keyed: true, request };
            process.stdout.write(snippet("Java", asked));
            """;

    @TestFactory
    List<DynamicTest> inNode() {
        return NodeTests.run("unit", "", Map.of());
    }

    @Test
    void theCompiledPlaygroundIsWhatItsSourcesGive() {
        NodePrograms.Ran ran = Node.run(Map.of(), "build.mjs", "--check");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.status()).isZero();
    }

    @Test
    void thePlaygroundsSnippetForJavaCompiles(@TempDir Path directory) throws IOException {
        Node.compileTests();
        NodePrograms.Ran ran = Node.run(Map.of(), "--input-type=module", "-e", SNIPPET);
        Path file = Files.writeString(directory.resolve("Snippet.java"), ran.out());
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                said,
                                said,
                                "-d",
                                directory.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                file.toString());
        assertThat(said.toString(StandardCharsets.UTF_8)).as(ran.out()).isEmpty();
        assertThat(status).isZero();
    }
}
