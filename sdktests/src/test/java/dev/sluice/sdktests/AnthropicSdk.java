package dev.sluice.sdktests;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.Sleeper;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawContentBlockDeltaEvent;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAny;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.messages.UrlImageSource;
import com.anthropic.models.messages.Usage;

import dev.sluice.testkit.Json;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The official Anthropic library. */
final class AnthropicSdk implements Sdk {
    private final AnthropicClient client;

    private AnthropicSdk(AnthropicClient client) {
        this.client = client;
    }

    static AnthropicSdk connect(URI gateway, String key, int retries) {
        return connect(gateway, retries, builder -> builder.apiKey(key));
    }

    /** As {@link #connect(URI, String, int)}, with a bearer token instead of an API key. */
    static AnthropicSdk connectWithToken(URI gateway, String token) {
        return connect(gateway, 0, builder -> builder.authToken(token));
    }

    private static AnthropicSdk connect(
            URI gateway, int retries, Consumer<AnthropicOkHttpClient.Builder> credentials) {
        AnthropicOkHttpClient.Builder builder =
                AnthropicOkHttpClient.builder()
                        .baseUrl(gateway.toString())
                        .maxRetries(retries)
                        .sleeper(new NoSleep())
                        .timeout(Duration.ofSeconds(30))
                        .responseValidation(true);
        credentials.accept(builder);
        return new AnthropicSdk(builder.build());
    }

    /** The library itself, for what only one of the two has. */
    AnthropicClient client() {
        return client;
    }

    @Override
    public Heard ask(Question question) {
        return heard(client.messages().create(params(question)), Map.of());
    }

    @Override
    public Heard ask(Question question, Duration patience) {
        return heard(client.messages().create(params(question), within(patience)), Map.of());
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with the hearing
    public Hearing open(Question question) {
        return new Events(client.messages().createStreaming(params(question)));
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with the hearing
    public Hearing open(Question question, Duration patience) {
        return new Events(client.messages().createStreaming(params(question), within(patience)));
    }

    /** How many tokens the question has. */
    long count(String text, String model) {
        return client.messages()
                .countTokens(
                        MessageCountTokensParams.builder()
                                .model(model)
                                .addUserMessage(text)
                                .build())
                .inputTokens();
    }

    @Override
    public List<String> models() {
        return client.models().list().data().stream().map(model -> model.id()).toList();
    }

    @Override
    public String model(String id) {
        return client.models().retrieve(id).id();
    }

    @Override
    public Problem explain(RuntimeException thrown) {
        if (thrown instanceof AnthropicServiceException told) {
            return new Problem(
                    told.getClass().getSimpleName(),
                    told.statusCode(),
                    told.type().map(type -> type.asString()).orElse(""),
                    told.errorCode().orElse(""),
                    told.apiMessage().orElse(String.valueOf(told.getMessage())),
                    first(told.headers(), "retry-after"),
                    told.requestId(),
                    told + " " + told.body() + " " + told.headers());
        }
        if (thrown instanceof AnthropicException other) {
            return new Problem(
                    other.getClass().getSimpleName(),
                    0,
                    "",
                    "",
                    String.valueOf(other.getMessage()),
                    Optional.empty(),
                    Optional.empty(),
                    other + " " + other.getCause());
        }
        throw new AssertionError("not an exception of the library", thrown);
    }

    @Override
    public void close() {
        client.close();
    }

    private static Optional<String> first(Headers headers, String name) {
        return headers.values(name).stream().findFirst();
    }

    private static RequestOptions within(Duration patience) {
        return RequestOptions.builder().timeout(patience).build();
    }

    private static MessageCreateParams params(Question question) {
        MessageCreateParams.Builder params =
                MessageCreateParams.builder()
                        .model(question.model().isEmpty() ? "claude-sonnet-4-5" : question.model())
                        .maxTokens(question.maxTokens());
        if (!question.system().isEmpty()) {
            params.system(question.system());
        }
        question.turns().forEach(turn -> add(params, turn));
        question.tools().forEach(tool -> params.addTool(tool(tool)));
        if (question.mustCall()) {
            params.toolChoice(ToolChoiceAny.builder().build());
        }
        question.stops().forEach(params::addStopSequence);
        if (question.thinkingTokens() > 0) {
            params.enabledThinking(question.thinkingTokens());
        }
        return params.build();
    }

    private static void add(MessageCreateParams.Builder params, Question.Turn turn) {
        switch (turn) {
            case Question.Said said -> params.addUserMessage(said.text());
            case Question.Showed showed ->
                    params.addUserMessageOfContentBlockParams(
                            List.of(
                                    ContentBlockParam.ofImage(image(showed.picture())),
                                    ContentBlockParam.ofText(
                                            TextBlockParam.builder().text(showed.text()).build())));
            case Question.Answered answered ->
                    params.addMessage((Message) answered.heard().message());
            case Question.Returned returned ->
                    params.addUserMessageOfContentBlockParams(
                            returned.results().stream()
                                    .map(
                                            result ->
                                                    ContentBlockParam.ofToolResult(
                                                            ToolResultBlockParam.builder()
                                                                    .toolUseId(result.callId())
                                                                    .content(result.text())
                                                                    .build()))
                                    .toList());
        }
    }

    private static ImageBlockParam image(Question.Picture picture) {
        ImageBlockParam.Builder image = ImageBlockParam.builder();
        switch (picture) {
            case Question.Inline inline ->
                    image.source(
                            Base64ImageSource.builder()
                                    .mediaType(Base64ImageSource.MediaType.of(inline.mediaType()))
                                    .data(inline.base64())
                                    .build());
            case Question.Linked linked ->
                    image.source(UrlImageSource.builder().url(linked.url()).build());
        }
        return image.build();
    }

    private static Tool tool(Question.Tool tool) {
        return Tool.builder()
                .name(tool.name())
                .description(tool.description())
                .inputSchema(
                        Tool.InputSchema.builder()
                                .properties(
                                        Tool.InputSchema.Properties.builder()
                                                .putAdditionalProperty(
                                                        "city",
                                                        JsonValue.from(Map.of("type", "string")))
                                                .build())
                                .build())
                .build();
    }

    /** The texts of the arguments by the index of their block, where they came in pieces. */
    private static Heard heard(Message message, Map<Integer, StringBuilder> arguments) {
        StringBuilder text = new StringBuilder();
        List<Heard.Thought> thoughts = new ArrayList<>();
        List<String> redacted = new ArrayList<>();
        List<Heard.Call> calls = new ArrayList<>();
        List<ContentBlock> content = message.content();
        for (int i = 0; i < content.size(); i++) {
            ContentBlock block = content.get(i);
            block.text().ifPresent(t -> text.append(t.text()));
            block.thinking()
                    .ifPresent(t -> thoughts.add(new Heard.Thought(t.thinking(), t.signature())));
            block.redactedThinking().ifPresent(r -> redacted.add(r.data()));
            if (block.isToolUse()) {
                calls.add(call(block.asToolUse(), arguments.get(i)));
            }
        }
        return new Heard(
                message,
                message.id(),
                message.model().asString(),
                text.toString(),
                Optional.empty(),
                List.copyOf(thoughts),
                List.copyOf(redacted),
                List.copyOf(calls),
                message.stopReason().orElseThrow().asString(),
                message.stopSequence(),
                tokens(message.usage()));
    }

    private static Heard.Call call(
            ToolUseBlock block, @org.jspecify.annotations.Nullable StringBuilder came) {
        String shown = block._input().convert(com.fasterxml.jackson.databind.JsonNode.class) + "";
        if (came == null) {
            return new Heard.Call(block.id(), block.name(), shown);
        }
        String text = came.toString();
        if (!text.isEmpty() && text.endsWith("}") && !Json.parse(text).equals(Json.parse(shown))) {
            throw new AssertionError("the accumulator has " + shown + ", the events had " + text);
        }
        return new Heard.Call(block.id(), block.name(), text);
    }

    private static Heard.Tokens tokens(Usage usage) {
        return new Heard.Tokens(
                usage.inputTokens(),
                usage.cacheReadInputTokens().orElse(0L),
                usage.cacheCreationInputTokens().orElse(0L),
                usage.outputTokens(),
                usage.outputTokensDetails().map(details -> details.thinkingTokens()).orElse(0L));
    }

    /** A stream of events. */
    private static final class Events implements Hearing {
        private final StreamResponse<RawMessageStreamEvent> response;
        private final Iterator<RawMessageStreamEvent> events;
        private final MessageAccumulator accumulator = MessageAccumulator.create();
        private final StringBuilder text = new StringBuilder();
        private final Map<Integer, StringBuilder> arguments = new HashMap<>();
        private boolean called;

        Events(StreamResponse<RawMessageStreamEvent> response) {
            this.response = response;
            this.events = response.stream().iterator();
        }

        @Override
        public boolean next() {
            if (!events.hasNext()) {
                return false;
            }
            RawMessageStreamEvent event = events.next();
            accumulator.accumulate(event);
            event.contentBlockStart()
                    .ifPresent(start -> called |= start.contentBlock().isToolUse());
            event.contentBlockDelta().ifPresent(this::delta);
            return true;
        }

        private void delta(RawContentBlockDeltaEvent event) {
            event.delta().text().ifPresent(delta -> text.append(delta.text()));
            event.delta()
                    .inputJson()
                    .ifPresent(
                            delta ->
                                    arguments
                                            .computeIfAbsent(
                                                    (int) event.index(), _ -> new StringBuilder())
                                            .append(delta.partialJson()));
        }

        @Override
        public String text() {
            return text.toString();
        }

        @Override
        public boolean hasBegunACall() {
            return called;
        }

        @Override
        public Heard whole() {
            Heard whole = heard(accumulator.message(), arguments);
            if (!whole.text().contentEquals(text)) {
                throw new AssertionError(
                        "the accumulator has " + whole.text() + ", the events had " + text);
            }
            return whole;
        }

        @Override
        public void close() {
            response.close();
        }
    }

    /** Waits for nothing. */
    private static final class NoSleep implements Sleeper {
        @Override
        public void sleep(Duration duration) {}

        @Override
        public CompletableFuture<Void> sleepAsync(Duration duration) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
