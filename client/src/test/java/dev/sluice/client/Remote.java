package dev.sluice.client;

import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** A client and a model server on a real socket, which speaks both dialects. */
final class Remote implements AutoCloseable {
    static final String CHAT = "/v1/chat/completions";
    static final String MESSAGES = "/v1/messages";
    static final ChatEvents CHAT_EVENTS = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
    static final AnthropicEvents MESSAGE_EVENTS = AnthropicEvents.of("msg_1", "claude-sonnet-4-5");

    /** Retries come at once. */
    static final StreamConfig QUICK = StreamConfig.builder().backoff(Duration.ofMillis(1)).build();

    private final FakeUpstream upstream = FakeUpstream.start();
    private final SluiceClient client =
            Sluice.builder()
                    .environment(
                            Map.of(
                                    "OPENAI_API_KEY", "sk-openai-canary",
                                    "ANTHROPIC_API_KEY", "sk-ant-canary"))
                    .baseUrl("openai", URI.create(upstream.uri() + "/v1"))
                    .baseUrl("anthropic", upstream.uri())
                    .config(QUICK)
                    .build();

    /** A server that answers to each dialect so. */
    static Remote of(Script first, Script... later) {
        Remote remote = new Remote();
        remote.upstream.on(CHAT, first, later);
        remote.upstream.on(MESSAGES, first, later);
        return remote;
    }

    /** An endless stream of tokens, as fast as it goes. */
    static Script endless() {
        return Script.stream()
                .send(CHAT_EVENTS.role())
                .endless(Duration.ZERO, i -> CHAT_EVENTS.text("t" + i + " "));
    }

    FakeUpstream upstream() {
        return upstream;
    }

    SluiceClient client() {
        return client;
    }

    /** Asks in OpenAI's dialect. */
    TokenStream chat() {
        return chat(QUICK);
    }

    TokenStream chat(StreamConfig config) {
        return client.stream("openai/gpt-5-mini", Prompt.of("Say something."), config);
    }

    /** Asks in Anthropic's dialect. */
    TokenStream message() {
        return client.stream("anthropic/claude-sonnet-4-5", "Say something.");
    }

    @Override
    public void close() {
        client.close();
        upstream.close();
    }
}
