package dev.sluice.sdktests;

import dev.sluice.dialect.KnownServers;

import tools.jackson.databind.node.ObjectNode;

import java.net.URI;

/** A vendor: whose library asks, or whose format an upstream speaks. */
enum Vendor {
    OPENAI("/v1/chat/completions", "openai-chat", "gpt-5-mini", "call_gold"),
    ANTHROPIC("/v1/messages", "anthropic", "claude-sonnet-4-5", "toolu_gold");

    private final String path;
    private final String goldens;
    private final String model;
    private final String callIds;

    Vendor(String path, String goldens, String model, String callIds) {
        this.path = path;
        this.goldens = goldens;
        this.model = model;
        this.callIds = callIds;
    }

    /** Where its models answer. */
    String path() {
        return path;
    }

    /** The folder of its golden streams. */
    String goldens() {
        return goldens;
    }

    /** The model in its golden streams. */
    String model() {
        return model;
    }

    /** How the ids of calls begin in its golden streams. */
    String callIds() {
        return callIds;
    }

    /** Its own server, by the name that the gateway has for it. */
    String server() {
        return switch (this) {
            case OPENAI -> KnownServers.OPENAI;
            case ANTHROPIC -> KnownServers.ANTHROPIC;
        };
    }

    /** Its library, pointed at a gateway, without retries. */
    Sdk sdk(URI gateway, String key) {
        return switch (this) {
            case OPENAI -> OpenAiSdk.connect(gateway, key, 0);
            case ANTHROPIC -> AnthropicSdk.connect(gateway, key, 0);
        };
    }

    /** Its library with the retries it makes by itself; it does not sleep between them. */
    Sdk retryingSdk(URI gateway) {
        return switch (this) {
            case OPENAI -> OpenAiSdk.connect(gateway, Rig.NO_KEY, 2);
            case ANTHROPIC -> AnthropicSdk.connect(gateway, Rig.NO_KEY, 2);
        };
    }

    /** Fails when a request is not one that its models take. */
    void judge(ObjectNode request) {
        switch (this) {
            case OPENAI -> new OpenAiLaw(request).check();
            case ANTHROPIC -> new AnthropicLaw(request).check();
        }
    }
}
