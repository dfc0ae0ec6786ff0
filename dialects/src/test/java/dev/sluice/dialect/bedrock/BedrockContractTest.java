package dev.sluice.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.FailureException;
import dev.sluice.dialect.DialectContract;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.stream.BedrockStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What every dialect keeps, kept by this one. */
class BedrockContractTest extends DialectContract {
    @Override
    protected Dialect dialect() {
        return Requests.DIALECT;
    }

    @Override
    protected List<Golden> goldens() {
        return Goldens.bedrock();
    }

    /** The golden files tell the message, and the text of arguments; times are the gateway's. */
    @Override
    protected JsonNode comparable(JsonNode expected) {
        ObjectNode whole = Json.object();
        ObjectNode message = whole.putObject("output").putObject("message");
        message.put("role", "assistant");
        ArrayNode content = message.putArray("content");
        for (JsonNode block : expected.path("content")) {
            ObjectNode copy = content.addObject();
            copy.setAll((ObjectNode) block.deepCopy());
            if (copy.path("toolUse") instanceof ObjectNode call) {
                call.set("input", Json.parse(call.path("x_input_json").stringValue()));
                call.remove("x_input_json");
            }
        }
        whole.set("stopReason", expected.path("stopReason"));
        whole.set("usage", expected.path("usage"));
        return whole;
    }

    @Override
    protected FoldedAnswer validate(byte[] stream) {
        return BedrockStreamValidator.validate(stream);
    }

    @Override
    protected Call call(byte[] body, Target target) {
        return Requests.call(body, target);
    }

    @Override
    protected String mainMember() {
        return "messages";
    }

    @Override
    protected String smallestRequest(String more) {
        return "{" + more + "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}";
    }

    @Override
    protected List<String> requests() {
        return Requests.ALL;
    }

    @Override
    protected String nameOf(JsonNode shown) {
        return shown.path("modelDetails").path("modelId").stringValue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"90", "91"})
    @Tag("R10")
    void refusesAStreamWithAWrongChecksum(String number) {
        Golden golden = Goldens.one("bedrock", number);
        Splits.forEach(
                Splits.all(golden.bytes()),
                pieces ->
                        assertThatThrownBy(
                                        () -> Wire.decode(dialect(), Wire.same(dialect()), pieces))
                                .isInstanceOf(FailureException.class)
                                .hasMessageContaining("checksum"));
    }
}
