package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Target;
import dev.sluice.dialect.DialectContract;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.GeminiStreamValidator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What every dialect keeps, kept by this one. */
class GeminiContractTest extends DialectContract {
    /** In the golden file with thoughts this much of the text bears a seal and stands alone. */
    private static final String SEALED = "391.";

    @Override
    protected Dialect dialect() {
        return new GeminiDialect();
    }

    @Override
    protected List<Golden> goldens() {
        return Goldens.gemini();
    }

    /**
     * The golden files tell what was said by its kind; the wire has it in parts. How many tokens
     * each kind of input has, and the vendor's word for why a prompt is blocked, have no place.
     */
    @Override
    protected JsonNode comparable(JsonNode expected) {
        ObjectNode whole = Json.object();
        ObjectNode candidate = whole.putArray("candidates").addObject();
        if (!expected.has("blockReason")) {
            ArrayNode parts = candidate.putObject("content").putArray("parts");
            parts(expected, parts);
        }
        String reason = expected.has("blockReason") ? "SAFETY" : "";
        candidate.put("finishReason", expected.path("finishReason").stringValue(reason));
        if (expected.path("usageMetadata") instanceof ObjectNode usage) {
            ObjectNode counts = usage.deepCopy();
            counts.remove("promptTokensDetails");
            whole.set("usageMetadata", counts);
        }
        return whole;
    }

    private static void parts(JsonNode expected, ArrayNode parts) {
        if (expected.has("thoughts")) {
            parts.addObject().put("thought", true).set("text", expected.path("thoughts"));
        }
        String text = expected.path("text").stringValue();
        if (text.endsWith(SEALED)) {
            parts.addObject().put("text", text.substring(0, text.length() - SEALED.length()));
            parts.addObject().put("text", SEALED).put("thoughtSignature", "R09MRC1TSUcy");
        } else if (!text.isEmpty()) {
            parts.addObject().put("text", text);
        }
        for (JsonNode call : expected.path("functionCalls")) {
            ObjectNode part = parts.addObject();
            part.set("functionCall", call);
            if (call.path("name").stringValue().equals("get_weather")) {
                part.put("thoughtSignature", "R09MRC1TSUc=");
            }
        }
    }

    @Override
    protected FoldedAnswer validate(byte[] stream) {
        return GeminiStreamValidator.strict().validate(stream);
    }

    @Override
    protected Call call(byte[] body, Target target) {
        String path =
                URLEncoder.encode(target.model(), StandardCharsets.UTF_8) + ":generateContent";
        return new Call(path, Headers.NONE, body);
    }

    @Override
    protected boolean endsWithAFrame() {
        return false;
    }

    @Override
    protected List<String> noRequests() {
        return List.of("", "[]", "17", "{", "{\"contents\":", "nonsense", "{\"contents\":[]}");
    }

    @Override
    protected String smallestRequest(String more) {
        return "{"
                + more
                + "\"model\":\"models/m\",\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}]}";
    }

    @Override
    protected List<String> requests() {
        return Requests.ALL;
    }

    @Override
    protected String nameOf(JsonNode shown) {
        return shown.path("name").stringValue().substring("models/".length());
    }
}
