package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.json.Member;
import dev.sluice.core.json.Raw;

import java.util.ArrayList;
import java.util.List;

/**
 * Passes a client's request on: its own bytes but for the model's name, and the versions of the
 * wire that it was written for.
 */
final class AnthropicRelay {
    private AnthropicRelay() {}

    static EncodedRequest relay(Call call, Target target) {
        return new EncodedRequest(
                Member.replaced(call.body(), "model", Raw.string(target.model())),
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
}
