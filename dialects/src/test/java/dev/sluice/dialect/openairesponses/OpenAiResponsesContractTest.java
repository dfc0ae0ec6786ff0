package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.dialect.DialectContract;
import dev.sluice.dialect.Dialects;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiResponsesStreamValidator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What every dialect keeps, kept by this one. */
class OpenAiResponsesContractTest extends DialectContract {
    @Override
    protected Dialect dialect() {
        return Dialects.find(OpenAiResponsesDialect.NAME).orElseThrow();
    }

    @Override
    protected List<Golden> goldens() {
        return Goldens.openAiResponses();
    }

    /**
     * Without the settings that the answer repeats from the request, which a transcript alone does
     * not know, without the time of its end, and without the ids of items, which are of each
     * writer's making.
     */
    @Override
    protected JsonNode comparable(JsonNode expected) {
        ObjectNode copy = ((ObjectNode) expected).deepCopy();
        copy.remove(List.of("reasoning", "max_output_tokens", "completed_at"));
        for (JsonNode item : copy.path("output")) {
            ((ObjectNode) item).remove("id");
        }
        return copy;
    }

    @Override
    protected FoldedAnswer validate(byte[] stream) {
        return OpenAiResponsesStreamValidator.strict().validate(stream);
    }

    @Override
    protected String smallestRequest(String more) {
        return "{" + more + "\"model\":\"m\",\"input\":\"x\"}";
    }

    @Override
    protected List<String> requests() {
        return Requests.ALL;
    }
}
