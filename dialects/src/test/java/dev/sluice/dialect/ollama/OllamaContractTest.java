package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.dialect.DialectContract;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OllamaStreamValidator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What every dialect keeps, kept by this one. */
class OllamaContractTest extends DialectContract {
    @Override
    protected Dialect dialect() {
        return new OllamaDialect();
    }

    @Override
    protected List<Golden> goldens() {
        return Goldens.ollama();
    }

    /** The golden files tell what was said beside the counts; the wire has it in a message. */
    @Override
    protected JsonNode comparable(JsonNode expected) {
        ObjectNode whole = Json.object();
        ObjectNode message = whole.putObject("message");
        expected.properties()
                .forEach(
                        member -> {
                            switch (member.getKey()) {
                                case "content", "response" ->
                                        message.set("content", member.getValue());
                                case "thinking", "tool_calls" ->
                                        message.set(member.getKey(), member.getValue());
                                default -> whole.set(member.getKey(), member.getValue());
                            }
                        });
        return whole;
    }

    @Override
    protected FoldedAnswer validate(byte[] stream) {
        return OllamaStreamValidator.strict().validate(stream);
    }

    /** A model alone is a request to load it. */
    @Override
    protected List<String> noRequests() {
        return List.of("", "[]", "17", "{", "{\"model\":", "nonsense", "{\"messages\":[]}");
    }

    @Override
    protected String smallestRequest(String more) {
        return "{" + more + "\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    }

    @Override
    protected List<String> requests() {
        return Requests.ALL;
    }

    @Override
    protected String nameOf(JsonNode shown) {
        return shown.path("model_info").path("general.basename").stringValue();
    }
}
