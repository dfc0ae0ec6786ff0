package dev.sluice.gateway.responses;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.ClientTransport;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.ingress.KeptAnswers;
import dev.sluice.gateway.ingress.Query;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets clients of OpenAI Responses go on from a response by its id, on models that know nothing of
 * it: the conversation is kept here and put in front of the new input. An upstream that gave the id
 * itself gets the request as the client wrote it.
 *
 * <p>A response is found by the key that started it and by no other.
 */
public final class ResponseKeeper implements KeptAnswers {
    /** The dialect whose clients come back. */
    public static final String DIALECT = "openai-responses";

    private static final List<String> ROOTS = List.of("/v1/responses/", "/responses/");
    private static final String COUNT = "input_tokens";
    private static final String PREVIOUS = "previous_response_id";
    private static final Names ASKED = Names.of(PREVIOUS, "store", "background", "input");

    private static final Headers JSON = Headers.of("content-type", "application/json");

    private final Dialect dialect;
    private final ResponseStore store;

    /** Answers that go on without a client. */
    private final AtomicInteger running = new AtomicInteger();

    /** A keeper of responses in {@code dialect}. */
    public ResponseKeeper(Dialect dialect, ResponseStore store) {
        this.dialect = dialect;
        this.store = store;
    }

    @Override
    public boolean keeps(ClientDialect asked) {
        return asked.name().equals(DIALECT);
    }

    // ---- requests for an answer ----

    @Override
    public Admitted admit(
            ClientCall call, List<Candidate> candidates, ClientTransport client, Loop loop) {
        if (call.operation() != Operation.GENERATE || !call.dialect().name().equals(DIALECT)) {
            return KeptAnswers.unkept(call, client);
        }
        Map<String, Raw> asked = Items.members(new JsonReader(call.call().body()), ASKED);
        boolean kept = store.isEnabled() && !isFalse(asked.get("store"));
        boolean background = isTrue(asked.get("background"));
        if (background && !kept) {
            throw Failure.invalid(
                            "background",
                            "a response that runs in the background must be kept: leave `store`"
                                    + " true, and `responses.entries` above 0")
                    .asException();
        }
        StoredResponse previous = previous(call.principal(), asked, candidates);
        ClientCall whole = expanded(call, asked, previous, background, kept);
        if (!kept) {
            return KeptAnswers.unkept(whole, client);
        }
        List<Raw> conversation = new ArrayList<>(previous == null ? List.of() : story(previous));
        conversation.addAll(own(asked));
        StoredResponse stored = new StoredResponse(call.principal(), conversation);
        if (background) {
            countBackground(stored);
        }
        return new Recording(
                whole, client, loop, store, stored, background, call.request().stream());
    }

    /** What no client waits for is bounded as what is kept. */
    private void countBackground(StoredResponse stored) {
        if (running.incrementAndGet() > store.maxEntries()) {
            running.decrementAndGet();
            throw Failure.of(
                            FailureCode.UNAVAILABLE,
                            "as many responses run in the background as may be kept"
                                    + " (responses.entries)")
                    .asException();
        }
        stored.whenEnded(running::decrementAndGet);
    }

    private static boolean isTrue(@Nullable Raw value) {
        return value != null && value.toString().equals("true");
    }

    private static boolean isFalse(@Nullable Raw value) {
        return value != null && value.toString().equals("false");
    }

    private static List<Raw> own(Map<String, Raw> asked) {
        Raw input = asked.get("input");
        return input == null ? List.of() : Items.ofInput(input);
    }

    /** The conversation up to and with {@code response}. */
    private static List<Raw> story(StoredResponse response) {
        List<Raw> story = new ArrayList<>(response.input());
        Raw object = response.object();
        if (object != null) {
            Items.member(object, "output").ifPresent(out -> story.addAll(Items.elements(out)));
        }
        return story;
    }

    /**
     * The response that the request goes on from, if it is kept. One that is not may be known to an
     * upstream.
     */
    private @Nullable StoredResponse previous(
            String principal, Map<String, Raw> asked, List<Candidate> candidates) {
        String id = Items.string(asked, PREVIOUS);
        if (id.isEmpty()) {
            return null;
        }
        Optional<StoredResponse> found = store.find(id);
        if (found.isPresent() && found.get().principal().equals(principal)) {
            return found.get();
        }
        boolean elsewhere = candidates.stream().anyMatch(ResponseKeeper::speaksDialect);
        if (found.isPresent() || !elsewhere) {
            throw new Failure(
                            FailureCode.INVALID_REQUEST,
                            "Previous response with id '"
                                    + Lenient.shortened(id)
                                    + "' not found: it was not made with this key, or is no longer"
                                    + " kept here; send the whole conversation",
                            PREVIOUS,
                            "previous_response_not_found",
                            null,
                            0)
                    .asException();
        }
        return null;
    }

    private static boolean speaksDialect(Candidate candidate) {
        return candidate
                .provider()
                .dialect()
                .filter(dialect -> dialect.name().equals(DIALECT))
                .isPresent();
    }

    /**
     * The request with the conversation that it goes on from. Its own bytes change only where an
     * upstream of this dialect would not understand them.
     */
    private ClientCall expanded(
            ClientCall call,
            Map<String, Raw> asked,
            @Nullable StoredResponse previous,
            boolean background,
            boolean kept) {
        boolean changes = background || previous != null;
        Map<String, Raw> members =
                changes ? Items.members(new JsonReader(call.call().body())) : Map.of();
        Request request = call.request();
        byte[] body = call.call().body();
        if (background) {
            members.remove("background");
            members.put("stream", Raw.of("true"));
        }
        boolean known = previous != null && previous.isUpstreams();
        if (background && (previous == null || known)) {
            body = bytes(members);
        }
        if (previous != null) {
            List<Raw> items = new ArrayList<>(story(previous));
            items.addAll(own(asked));
            members.remove(PREVIOUS);
            members.put("input", Items.arrayOf(items));
            if (!known) {
                Map<String, Raw> sent = new LinkedHashMap<>(members);
                sent.put("input", Items.arrayOf(Items.withoutForeignSeals(items)));
                body = bytes(sent);
            }
        }
        if (changes) {
            request = dialect.decodeRequest(new Call("", Headers.NONE, bytes(members)));
        }
        Request.Builder marked = request.toBuilder();
        marked.extra.remove("store");
        marked.extra.put(Request.GATEWAY + "store", Raw.of(Boolean.toString(kept)));
        Raw id = asked.get(PREVIOUS);
        if (previous != null && id != null) {
            marked.extra.put(Request.GATEWAY + PREVIOUS, id);
        }
        return new ClientCall(
                call.requestId(),
                call.exchangeId(),
                call.principal(),
                call.dialect(),
                call.operation(),
                new Call(call.call().path(), call.call().headers(), body),
                marked.build(),
                call.strict());
    }

    private static byte[] bytes(Map<String, Raw> members) {
        return Items.objectOf(members).toString().getBytes(StandardCharsets.UTF_8);
    }

    // ---- clients that come back ----

    @Override
    public Optional<ClientDialect> dialectOf(String method, String path) {
        return isKept(path) ? Optional.of(dialect) : Optional.empty();
    }

    @Override
    public List<String> methods(String path) {
        return isKept(path) ? List.of("GET", "POST", "DELETE") : List.of();
    }

    private static boolean isKept(String path) {
        for (String root : ROOTS) {
            if (path.startsWith(root)
                    && path.length() > root.length()
                    && !path.equals(root + COUNT)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Answering answer(Return request, ClientTransport client, Loop loop) {
        String root = request.path().startsWith(ROOTS.getFirst()) ? ROOTS.get(0) : ROOTS.get(1);
        String rest = request.path().substring(root.length());
        int slash = rest.indexOf('/');
        String id = slash < 0 ? rest : rest.substring(0, slash);
        String what = slash < 0 ? "" : rest.substring(slash + 1);
        Query query = new Query(request.query());
        return switch (request.method() + " " + what) {
            case "GET " -> {
                StoredResponse stored = find(request.principal(), id);
                yield query.isTrue("stream")
                        ? replay(stored, query, client, loop)
                        : new Reply(client, object(stored));
            }
            case "DELETE " -> {
                store.remove(find(request.principal(), id));
                yield new Reply(client, deleted(id));
            }
            case "POST cancel" -> {
                StoredResponse stored = find(request.principal(), id);
                stored.cancel();
                yield new Reply(client, object(stored));
            }
            case "GET input_items" ->
                    new Reply(client, inputItems(find(request.principal(), id), query));
            default ->
                    throw Failure.of(
                                    FailureCode.NOT_FOUND,
                                    "nothing is served on this path; a response answers to GET and"
                                            + " DELETE, to POST …/cancel and to GET …/input_items")
                            .asException();
        };
    }

    private StoredResponse find(String principal, String id) {
        return store.find(id)
                .filter(stored -> stored.principal().equals(principal))
                .orElseThrow(
                        () ->
                                new Failure(
                                                FailureCode.NOT_FOUND,
                                                "Response with id '"
                                                        + Lenient.shortened(id)
                                                        + "' not found: it was not made with this"
                                                        + " key, or is no longer kept here",
                                                "response_id",
                                                "response_not_found",
                                                null,
                                                0)
                                        .asException());
    }

    /** A document in one piece. */
    private record Reply(ClientTransport client, Raw document) implements Answering {
        @Override
        public void start() {
            client.reply(200, JSON, document.toString().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void onDrained() {}

        @Override
        public void onClientGone() {}
    }

    /** The response as it is now: an exchange that was cancelled ends with a failure. */
    private static Raw object(StoredResponse stored) {
        Raw object = stored.object();
        if (object == null) {
            throw new IllegalStateException("a response that nobody knows");
        }
        Map<String, Raw> members = Items.members(object);
        boolean unfinished = Items.string(members, "status").equals("in_progress");
        if (stored.isCancelled()) {
            members.put("status", Raw.of("\"cancelled\""));
            members.put("error", Raw.of("null"));
            return Items.objectOf(members);
        }
        if (unfinished && stored.isEnded()) {
            members.put("status", Raw.of("\"failed\""));
            return Items.objectOf(members);
        }
        return object;
    }

    private static Raw deleted(String id) {
        Map<String, Raw> members = new LinkedHashMap<>();
        members.put("id", id(id));
        members.put("object", Raw.of("\"response\""));
        members.put("deleted", Raw.of("true"));
        return Items.objectOf(members);
    }

    private Answering replay(
            StoredResponse stored, Query query, ClientTransport client, Loop loop) {
        if (stored.stream().length == 0) {
            throw Failure.invalid("stream", "this response was not streamed, so it has no stream")
                    .asException();
        }
        return new Replay(
                stored,
                query.number("starting_after", -1),
                client,
                loop,
                dialect.streamContentType());
    }

    private static Raw inputItems(StoredResponse stored, Query query) {
        List<Raw> items = new ArrayList<>();
        for (Raw item : stored.input()) {
            items.add(Items.listed(item, items.size()));
        }
        if (!query.text("order", "desc").equals("asc")) {
            Collections.reverse(items);
        }
        List<String> ids =
                items.stream().map(item -> Items.string(Items.members(item), "id")).toList();
        int from = ids.indexOf(query.text("after", "")) + 1;
        int to = Math.min(items.size(), from + Math.clamp(query.number("limit", 20), 1, 100));
        Map<String, Raw> list = new LinkedHashMap<>();
        list.put("object", Raw.of("\"list\""));
        list.put("data", Items.arrayOf(items.subList(from, to)));
        list.put("first_id", from == to ? Raw.of("null") : id(ids.get(from)));
        list.put("last_id", from == to ? Raw.of("null") : id(ids.get(to - 1)));
        list.put("has_more", Raw.of(Boolean.toString(to < items.size())));
        return Items.objectOf(list);
    }

    private static Raw id(String id) {
        return Raw.of(new ByteBuilder().quoted(id).toString());
    }
}
