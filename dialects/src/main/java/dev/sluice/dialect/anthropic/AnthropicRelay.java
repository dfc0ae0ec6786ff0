package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import java.util.ArrayList;
import java.util.List;

/**
 * Passes a client's request on: its own bytes but for the model's name, and the versions of the
 * wire that it was written for.
 */
final class AnthropicRelay {
    private static final Names MODEL = Names.of("model");

    private AnthropicRelay() {}

    static EncodedRequest relay(Call call, Target target) {
        return new EncodedRequest(
                withModel(call.body(), target.model()),
                versions(call.headers()),
                List.of(),
                Emulations.NONE);
    }

    private static Headers versions(Headers client) {
        List<Header> kept = new ArrayList<>();
        client.get("anthropic-version")
                .ifPresent(v -> kept.add(new Header("anthropic-version", v)));
        client.joined("anthropic-beta").ifPresent(v -> kept.add(new Header("anthropic-beta", v)));
        return new Headers(kept);
    }

    private static byte[] withModel(byte[] body, String model) {
        JsonReader reader = new JsonReader(body);
        reader.beginObject();
        int member = reader.nextField(MODEL);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0) {
                int from = reader.position();
                Raw old = reader.raw();
                return Raw.of(new ByteBuilder().quoted(model).toString()).equals(old)
                        ? body
                        : spliced(body, from, from + old.length(), model);
            }
            reader.skip();
            member = reader.nextField(MODEL);
        }
        return body;
    }

    private static byte[] spliced(byte[] body, int from, int to, String model) {
        return new ByteBuilder(body.length + model.length() + 2)
                .add(body, 0, from)
                .quoted(model)
                .add(body, to, body.length - to)
                .toBytes();
    }
}
