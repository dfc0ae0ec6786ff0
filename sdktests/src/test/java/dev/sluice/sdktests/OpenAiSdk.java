package dev.sluice.sdktests;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.core.Sleeper;
import com.openai.core.http.Headers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;

import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The official OpenAI library. */
final class OpenAiSdk implements Sdk {
    private final OpenAIClient client;

    private OpenAiSdk(OpenAIClient client) {
        this.client = client;
    }

    static OpenAiSdk connect(URI gateway, String key, int retries) {
        return new OpenAiSdk(
                OpenAIOkHttpClient.builder()
                        .baseUrl(gateway + "/v1")
                        .apiKey(key)
                        .maxRetries(retries)
                        .sleeper(new NoSleep())
                        .timeout(Duration.ofSeconds(30))
                        .responseValidation(true)
                        .build());
    }

    /** The library itself, for what only one of the two has. */
    OpenAIClient client() {
        return client;
    }

    @Override
    public Heard ask(Question question) {
        return heard(client.chat().completions().create(params(question).build()), "");
    }

    @Override
    public Heard ask(Question question, Duration patience) {
        return heard(
                client.chat().completions().create(params(question).build(), within(patience)), "");
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with the hearing
    public Hearing open(Question question) {
        return new Chunks(client.chat().completions().createStreaming(streamed(question)));
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with the hearing
    public Hearing open(Question question, Duration patience) {
        return new Chunks(
                client.chat().completions().createStreaming(streamed(question), within(patience)));
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
        if (thrown instanceof OpenAIServiceException told) {
            return new Problem(
                    told.getClass().getSimpleName(),
                    told.statusCode(),
                    told.type().orElse(""),
                    told.code().orElse(""),
                    String.valueOf(told.getMessage()),
                    first(told.headers(), "retry-after"),
                    first(told.headers(), "x-request-id"),
                    told + " " + told.body() + " " + told.headers());
        }
        if (thrown instanceof OpenAIException other) {
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

    private static ChatCompletionCreateParams streamed(Question question) {
        return params(question)
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
    }

    private static ChatCompletionCreateParams.Builder params(Question question) {
        ChatCompletionCreateParams.Builder params =
                ChatCompletionCreateParams.builder()
                        .model(question.model().isEmpty() ? "gpt-5-mini" : question.model())
                        .maxCompletionTokens(question.maxTokens());
        if (!question.system().isEmpty()) {
            params.addSystemMessage(question.system());
        }
        question.turns().forEach(turn -> add(params, turn));
        question.tools().forEach(tool -> params.addFunctionTool(function(tool)));
        if (question.mustCall()) {
            params.toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
        }
        if (!question.stops().isEmpty()) {
            params.stopOfStrings(question.stops());
        }
        if (question.thinkingTokens() > 0) {
            params.reasoningEffort(ReasoningEffort.LOW);
        }
        return params;
    }

    private static void add(ChatCompletionCreateParams.Builder params, Question.Turn turn) {
        switch (turn) {
            case Question.Said said -> params.addUserMessage(said.text());
            case Question.Showed showed ->
                    params.addUserMessageOfArrayOfContentParts(
                            List.of(
                                    ChatCompletionContentPart.ofImageUrl(image(showed.picture())),
                                    ChatCompletionContentPart.ofText(
                                            ChatCompletionContentPartText.builder()
                                                    .text(showed.text())
                                                    .build())));
            case Question.Answered answered ->
                    params.addMessage(
                            ((ChatCompletion) answered.heard().message())
                                    .choices()
                                    .getFirst()
                                    .message());
            case Question.Returned returned ->
                    returned.results()
                            .forEach(
                                    result ->
                                            params.addMessage(
                                                    ChatCompletionToolMessageParam.builder()
                                                            .toolCallId(result.callId())
                                                            .content(result.text())
                                                            .build()));
        }
    }

    private static ChatCompletionContentPartImage image(Question.Picture picture) {
        String url =
                switch (picture) {
                    case Question.Inline inline ->
                            "data:" + inline.mediaType() + ";base64," + inline.base64();
                    case Question.Linked linked -> linked.url();
                };
        return ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder().url(url).build())
                .build();
    }

    private static FunctionDefinition function(Question.Tool tool) {
        return FunctionDefinition.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(
                        FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties",
                                        JsonValue.from(Map.of("city", Map.of("type", "string"))))
                                .build())
                .build();
    }

    private static Heard heard(ChatCompletion completion, String streamedThought) {
        ChatCompletion.Choice choice = completion.choices().getFirst();
        ChatCompletionMessage message = choice.message();
        String thought =
                streamedThought.isEmpty() ? thought(message._allProperties()) : streamedThought;
        return new Heard(
                completion,
                completion.id(),
                completion.model(),
                message.content().orElse(""),
                message.refusal(),
                thought.isEmpty() ? List.of() : List.of(new Heard.Thought(thought, "")),
                List.of(),
                message.toolCalls().orElse(List.of()).stream()
                        .map(call -> call(call.asFunction()))
                        .toList(),
                choice.finishReason().asString(),
                Optional.empty(),
                tokens(completion.usage().orElseThrow()));
    }

    private static Heard.Call call(ChatCompletionMessageFunctionToolCall call) {
        return new Heard.Call(call.id(), call.function().name(), call.function().arguments());
    }

    private static Heard.Tokens tokens(CompletionUsage usage) {
        if (usage.totalTokens() != usage.promptTokens() + usage.completionTokens()) {
            throw new AssertionError("the total is not the sum: " + usage);
        }
        return new Heard.Tokens(
                usage.promptTokens(),
                usage.promptTokensDetails().flatMap(d -> d.cachedTokens()).orElse(0L),
                usage.promptTokensDetails().flatMap(d -> d.cacheWriteTokens()).orElse(0L),
                usage.completionTokens(),
                usage.completionTokensDetails().flatMap(d -> d.reasoningTokens()).orElse(0L));
    }

    private static String thought(Map<String, JsonValue> more) {
        JsonValue value = more.get("reasoning_content");
        return value == null || value.isNull() ? "" : String.valueOf(value.convert(String.class));
    }

    /** A stream of chunks. */
    private static final class Chunks implements Hearing {
        private final StreamResponse<ChatCompletionChunk> response;
        private final Iterator<ChatCompletionChunk> chunks;
        private final ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thought = new StringBuilder();
        private boolean called;

        Chunks(StreamResponse<ChatCompletionChunk> response) {
            this.response = response;
            this.chunks = response.stream().iterator();
        }

        @Override
        public boolean next() {
            if (!chunks.hasNext()) {
                return false;
            }
            ChatCompletionChunk chunk = chunks.next();
            accumulator.accumulate(chunk);
            for (ChatCompletionChunk.Choice choice : chunk.choices()) {
                choice.delta().content().ifPresent(text::append);
                called |= choice.delta().toolCalls().isPresent();
                thought.append(thought(choice.delta()._allProperties()));
            }
            return true;
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
            Heard whole = heard(accumulator.chatCompletion(), thought.toString());
            if (!whole.text().contentEquals(text)) {
                throw new AssertionError(
                        "the accumulator has " + whole.text() + ", the chunks had " + text);
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
