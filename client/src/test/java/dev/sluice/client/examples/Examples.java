package dev.sluice.client.examples;

import dev.sluice.client.Adapter;
import dev.sluice.client.HttpAdapter;
import dev.sluice.client.Prompt;
import dev.sluice.client.Sluice;
import dev.sluice.client.SluiceClient;
import dev.sluice.client.SluiceException;
import dev.sluice.client.StreamConfig;
import dev.sluice.client.StreamMetrics;
import dev.sluice.client.Token;
import dev.sluice.client.TokenBudget;
import dev.sluice.client.TokenStream;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.Event;
import dev.sluice.core.provider.Provider;
import dev.sluice.llama.LlamaProvider;
import dev.sluice.llama.LocalModel;
import dev.sluice.llama.ModelSettings;
import dev.sluice.llama.TextModels;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** What docs/java.md shows. Each region stands there word for word; a test holds it to that. */
public final class Examples {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}";

    private final SluiceClient sluice;
    private final PrintStream out;

    /** Examples that ask {@code sluice} and print to {@code out}. */
    public Examples(SluiceClient sluice, PrintStream out) {
        this.sluice = sluice;
        this.out = out;
    }

    /** Token by token. */
    public void tokens() {
        // @start region=tokens
        try (TokenStream stream = sluice.stream("ollama/llama3.2", "Why is the sky blue?")) {
            for (Token token : stream) {
                out.print(token);
            }
        }
        // @end
    }

    /** By callback. */
    public void callback() {
        // @start region=callback
        try (TokenStream stream = sluice.stream("ollama/llama3.2", "Count for ever.")) {
            stream.forEachToken(
                    token -> {
                        out.print(token);
                        return token.index() < 9; // false stops the model
                    });
        }
        // @end
    }

    /** As a publisher. */
    public void publisher() throws InterruptedException {
        // @start region=publisher
        CountDownLatch end = new CountDownLatch(1);
        try (TokenStream stream = sluice.stream("ollama/llama3.2", "Why is the sky blue?")) {
            stream.subscribe(
                    new Flow.Subscriber<>() {
                        private Flow.Subscription subscription;

                        @Override
                        public void onSubscribe(Flow.Subscription begun) {
                            subscription = begun;
                            subscription.request(1);
                        }

                        @Override
                        public void onNext(Token token) {
                            out.print(token);
                            subscription.request(1); // no sooner: the model waits for you
                        }

                        @Override
                        public void onError(Throwable failure) {
                            out.println(failure);
                            end.countDown();
                        }

                        @Override
                        public void onComplete() {
                            end.countDown();
                        }
                    });
            end.await();
        }
        // @end
    }

    /** The whole, and its numbers. */
    public void whole() {
        // @start region=whole
        try (TokenStream stream = sluice.stream("ollama/llama3.2", "Why is the sky blue?")) {
            out.println(stream.text());
            out.println(stream.stopReason().orElseThrow());
            out.println(stream.usage().totalInput() + " + " + stream.usage().output());
            StreamMetrics metrics = stream.metrics();
            metrics.ttft().ifPresent(ttft -> out.println("TTFT " + ttft.toMillis() + " ms"));
            metrics.meanTbt().ifPresent(tbt -> out.println("TBT " + tbt.toNanos() / 1e6 + " ms"));
            metrics.tokensPerSecond().ifPresent(tps -> out.println("TPS " + tps));
        }
        // @end
    }

    /** A conversation with a picture. */
    public void conversation(byte[] photo) {
        // @start region=conversation
        Prompt prompt =
                new Prompt()
                        .system("Answer in one sentence.")
                        .user("What is in this picture?")
                        .image(photo, "image/png");
        try (TokenStream first = sluice.stream("openai/gpt-5-mini", prompt)) {
            prompt.answer(first.finalMessage()).user("And what is behind it?");
        }
        try (TokenStream second = sluice.stream("openai/gpt-5-mini", prompt)) {
            out.println(second.text());
        }
        // @end
    }

    /** A model that calls a tool. */
    public void tools() {
        // @start region=tools
        Prompt prompt =
                Prompt.of("Do I need an umbrella in Cologne?")
                        .tool("weather", "The weather of a city now.", SCHEMA);
        while (true) {
            try (TokenStream stream = sluice.stream("anthropic/claude-sonnet-4-5", prompt)) {
                if (stream.toolCalls().isEmpty()) {
                    out.println(stream.text());
                    break;
                }
                prompt.answer(stream.finalMessage());
                for (AnswerBlock call : stream.toolCalls()) {
                    prompt.toolResult(call.id(), weather(call.text().toString()));
                }
            }
        }
        // @end
    }

    private String weather(String arguments) {
        out.println("asked for " + arguments);
        return "It rains.";
    }

    /** Everything that happens. */
    public void events() {
        // @start region=events
        try (TokenStream stream = sluice.stream("anthropic/claude-sonnet-4-5", "Think first.")) {
            for (Event event : stream.events()) {
                switch (event) {
                    case Event.BlockStart block -> out.println("[" + block.kind() + "]");
                    case Event.Delta delta -> out.print(delta.text());
                    case Event.BlockStop _ -> out.println();
                    case Event.MessageDelta end -> out.println(end.stopReason());
                    default -> {}
                }
            }
        }
        // @end
    }

    /** What can go wrong. */
    public void failures() {
        // @start region=failures
        try (TokenStream stream = sluice.stream("openai/gpt-5-mini", "Tell me a story.")) {
            out.println(stream.text());
        } catch (SluiceException.RateLimit busy) {
            out.println("come again in " + busy.retryAfter().orElse(Duration.ofMinutes(1)));
        } catch (SluiceException.Connection | SluiceException.Timeout cut) {
            out.println(cut.partialText() + " … and here it broke off");
        } catch (SluiceException other) {
            out.println(other.failure().code() + ": " + other.getMessage());
        }
        // @end
    }

    /** What is said of a stream. */
    public void config() {
        // @start region=config
        TokenBudget budget = TokenBudget.of(100_000);
        StreamConfig config =
                StreamConfig.builder()
                        .maxTokens(500)
                        .temperature(0.2)
                        .stopSequences("\n\n")
                        .timeout(Duration.ofSeconds(10))
                        .tokenBudget(budget)
                        .build();
        Prompt prompt = Prompt.of("Name three rivers.");
        try (TokenStream stream = sluice.stream("ollama/llama3.2", prompt, config)) {
            out.println(stream.text());
        }
        out.println(budget.remaining() + " tokens are left");
        // @end
    }

    /** Cancelled by another thread. */
    public void cancel() throws InterruptedException {
        // @start region=cancel
        try (TokenStream stream = sluice.stream("ollama/llama3.2", "Count for ever.")) {
            Thread reader =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    stream.forEach(out::print);
                                } catch (SluiceException.Cancelled cancelled) {
                                    out.println(" … cancelled");
                                }
                            });
            stream.cancel(); // the model stops at once
            reader.join();
        }
        // @end
    }

    /** A client of one's own. */
    public static SluiceClient client(URI lmStudio) {
        // @start region=client
        SluiceClient sluice =
                Sluice.builder()
                        .key("openai", "sk-…")
                        .baseUrl("ollama", URI.create("http://gpu.example:11434"))
                        .adapter(HttpAdapter.builder("lmstudio", "openai-chat", lmStudio).build())
                        .config(StreamConfig.builder().maxTokens(1000).build())
                        .build();
        // @end
        return sluice;
    }

    /** A model of a file, in this process. */
    public void local() {
        // @start region=local
        try (TokenStream stream = sluice.stream("local/sluice-demo", "What is Sluice?")) {
            stream.forEach(out::print);
        }
        // @end
    }

    /** The same with settings of its own. */
    public static void localModel(ModelSettings settings, PrintStream out) {
        // @start region=localModel
        try (LocalModel model = new TextModels().load(settings, percent -> {});
                SluiceClient sluice =
                        Sluice.builder()
                                .adapter(
                                        Adapter.of(
                                                "local",
                                                loop ->
                                                        new LlamaProvider(
                                                                Map.of("demo", model), loop)))
                                .build();
                TokenStream stream = sluice.stream("local/demo", "Hello!")) {
            stream.forEach(out::print);
        }
        // @end
    }

    /** Whatever answers in this process. */
    public static SluiceClient inProcess(Function<Executor, Provider> model) {
        // @start region=inProcess
        SluiceClient sluice = Sluice.builder().adapter(Adapter.of("local", model)).build();
        // @end
        return sluice;
    }
}
