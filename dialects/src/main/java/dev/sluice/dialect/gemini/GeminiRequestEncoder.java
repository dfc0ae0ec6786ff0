package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Outgoing;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;

import java.util.Map;
import java.util.Set;

/**
 * Writes a request for a server of this dialect. The same request for the same target gives the
 * same bytes. The model and whether a stream is wanted stand in the path.
 */
final class GeminiRequestEncoder {
    /** Members of other dialects without which the request would mean something else. */
    private static final Set<String> INDISPENSABLE =
            Set.of(
                    "previous_response_id",
                    "conversation",
                    "background",
                    "prompt",
                    "mcp_servers",
                    "container");

    private final Outgoing outgoing;
    private final Request request;
    private final JsonWriter json = new JsonWriter(new ByteBuilder(2048));

    private GeminiRequestEncoder(Request request, Target target) {
        this.outgoing = new Outgoing(GeminiDialect.NAME, request, target);
        this.request = request;
    }

    static EncodedRequest encode(Request request, Target target) {
        GeminiRequestEncoder encoder = new GeminiRequestEncoder(request, target);
        encoder.json.beginObject();
        encoder.all();
        encoder.json.endObject();
        return encoder.encoded();
    }

    /** What is counted is the whole request, which then must name its model. */
    static EncodedRequest encodeCount(Request request, Target target) {
        GeminiRequestEncoder encoder = new GeminiRequestEncoder(request, target);
        encoder.json.beginObject().name("generateContentRequest").beginObject();
        encoder.json.field("model", GeminiPaths.resource(target.model()));
        encoder.all();
        encoder.json.endObject().endObject();
        return encoder.encoded();
    }

    private EncodedRequest encoded() {
        return new EncodedRequest(
                json.out().toBytes(), Headers.NONE, outgoing.warnings(), outgoing.emulations());
    }

    private void all() {
        if (request.choices() > 1) {
            throw Outgoing.refused(
                    "n",
                    "n: " + request.choices() + " (expected: 1, where the answer is translated)");
        }
        GeminiToolsEncoder tools = new GeminiToolsEncoder(outgoing);
        GeminiSettings settings = new GeminiSettings(outgoing);
        tools.plan();
        settings.plan();
        GeminiContentsEncoder contents = new GeminiContentsEncoder(outgoing, json);
        contents.writeSystem();
        contents.write();
        tools.write(json);
        settings.write(json);
        lost();
        extra();
    }

    /** Parameters that have no counterpart. */
    private void lost() {
        outgoing.droppedIf(request.user() != null, "user");
        outgoing.droppedIf(request.serviceTier() != null, "service_tier");
        outgoing.droppedIf(
                Boolean.FALSE.equals(request.parallelToolCalls()) && !request.tools().isEmpty(),
                "parallel_tool_calls");
    }

    private void extra() {
        for (Map.Entry<String, Raw> member : request.extra().entrySet()) {
            String name = member.getKey();
            if (name.startsWith(Request.GATEWAY) || GeminiSettings.holds(name)) {
                continue;
            }
            if (!outgoing.sameDialect()) {
                foreign(name, member.getValue());
            } else if (isWithin(name) || !outgoing.is(Quirk.UNKNOWN_PARAMETERS)) {
                outgoing.dropped(name);
            } else {
                json.field(name, member.getValue());
            }
        }
    }

    /** Whether the member stood within another, where its place is not known any more. */
    private static boolean isWithin(String name) {
        return name.startsWith(GeminiPartDecoder.PREFIX)
                || name.startsWith(GeminiToolsDecoder.PREFIX);
    }

    private void foreign(String name, Raw value) {
        boolean asksForIt = value.kind() != Kind.NULL && !value.toString().equals("false");
        if (asksForIt && INDISPENSABLE.contains(name)) {
            throw Outgoing.refused(name, "`" + name + "` has no counterpart at this upstream");
        }
        outgoing.dropped(name);
    }
}
