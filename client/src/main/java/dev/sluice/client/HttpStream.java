package dev.sluice.client;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;

import org.jspecify.annotations.Nullable;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * One request over HTTP and its answer. The JDK's client reports on threads of its own; all of it
 * is handed to the loop.
 *
 * <p>Backpressure: one read at a time is asked of the JDK's client, the next when the last was
 * handed over whole. A read is handed over in small slices, so that a pause takes effect within a
 * few tokens. While nothing is asked for, the JDK's client does not read the socket, and TCP stops
 * the server.
 */
final class HttpStream implements Stream {
    private static final int SLICE = 1024;

    private final Executor loop;
    private final Receiver receiver;
    private final Accidents accidents;
    private final ArrayDeque<ByteBuffer> unread = new ArrayDeque<>();
    private final byte[] slice = new byte[SLICE];
    private @Nullable CompletableFuture<HttpResponse<Void>> answer;
    private Flow.@Nullable Subscription body;
    private boolean headSeen;
    private boolean asked;
    private boolean paused;
    private boolean over;

    /** How the body ended, once it did; told behind what is unread. */
    private @Nullable Runnable end;

    HttpStream(Executor loop, Receiver receiver, Accidents accidents) {
        this.loop = loop;
        this.receiver = receiver;
        this.accidents = accidents;
    }

    void send(HttpClient http, HttpRequest request) {
        // Cancelling what is derived from the client's own future cancels the request.
        answer =
                http.sendAsync(
                                request,
                                info -> {
                                    Head head =
                                            new Head(info.statusCode(), headers(info.headers()));
                                    loop.execute(() -> head(head));
                                    return new Body();
                                })
                        .whenComplete(
                                (_, accident) -> {
                                    if (accident != null) {
                                        loop.execute(() -> failed(accident));
                                    }
                                });
    }

    private static Headers headers(java.net.http.HttpHeaders all) {
        List<Header> list = new ArrayList<>();
        for (Map.Entry<String, List<String>> entry : all.map().entrySet()) {
            for (String value : entry.getValue()) {
                list.add(new Header(entry.getKey(), value));
            }
        }
        return new Headers(list);
    }

    private void head(Head head) {
        if (over) {
            return;
        }
        headSeen = true;
        Optional<String> coding =
                head.headers()
                        .get("content-encoding")
                        .filter(c -> !c.isBlank() && !c.strip().equalsIgnoreCase("identity"));
        if (coding.isPresent()) {
            fail(accidents.coded(coding.get()));
            return;
        }
        receiver.onHead(head);
    }

    private void begun(Flow.Subscription subscription) {
        body = subscription;
        if (over) {
            subscription.cancel();
        } else {
            handOver();
        }
    }

    private void arrived(List<ByteBuffer> read) {
        if (!over) {
            asked = false;
            unread.addAll(read);
            handOver();
        }
    }

    private void ended() {
        end =
                () -> {
                    over = true;
                    receiver.onEnd();
                };
        handOver();
    }

    private void failed(Throwable accident) {
        end = () -> fail(headSeen ? accidents.brokeOff(accident) : accidents.unanswered(accident));
        handOver();
    }

    private void handOver() {
        while (!paused && !over) {
            ByteBuffer next = unread.peek();
            if (next == null) {
                readOn();
                return;
            }
            int length = Math.min(SLICE, next.remaining());
            if (length == 0) {
                unread.remove();
            } else {
                next.get(slice, 0, length);
                receiver.onBytes(slice, 0, length);
            }
        }
    }

    private void readOn() {
        if (end != null) {
            end.run();
        } else if (body != null && !asked) {
            asked = true;
            body.request(1);
        }
    }

    private void fail(Failure failure) {
        if (!over) {
            cancel();
            receiver.onFailure(failure);
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            // Not within a call that hands something over.
            loop.execute(this::handOver);
        }
    }

    @Override
    public void cancel() {
        if (over) {
            return;
        }
        over = true;
        unread.clear();
        if (body != null) {
            body.cancel();
        }
        if (answer != null) {
            answer.cancel(true);
        }
    }

    /** The body, as the JDK's client tells it. */
    private final class Body implements BodySubscriber<Void> {
        @Override
        public CompletionStage<Void> getBody() {
            // The answer is had as soon as its head is.
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            loop.execute(() -> begun(subscription));
        }

        @Override
        public void onNext(List<ByteBuffer> read) {
            loop.execute(() -> arrived(read));
        }

        @Override
        public void onError(Throwable accident) {
            loop.execute(() -> failed(accident));
        }

        @Override
        public void onComplete() {
            loop.execute(HttpStream.this::ended);
        }
    }
}
