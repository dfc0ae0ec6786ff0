package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.dialect.DialectContract;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What every dialect keeps, kept by this one. */
class AnthropicContractTest extends DialectContract {
    @Override
    protected Dialect dialect() {
        return new AnthropicDialect();
    }

    @Override
    protected List<Golden> goldens() {
        return Goldens.anthropic();
    }

    /**
     * Without the one whose call a limit cut: its arguments have no place in an unstreamed answer.
     */
    @Override
    protected List<Golden> wholeGoldens() {
        return super.wholeGoldens().stream()
                .filter(golden -> !golden.name().startsWith("06"))
                .toList();
    }

    @Override
    protected JsonNode comparable(JsonNode expected) {
        return expected;
    }

    @Override
    protected FoldedAnswer validate(byte[] stream) {
        return AnthropicStreamValidator.strict().validate(stream);
    }

    @Override
    protected String smallestRequest(String more) {
        return "{"
                + more
                + "\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    }

    @Override
    protected List<String> requests() {
        return Requests.ALL;
    }
}
