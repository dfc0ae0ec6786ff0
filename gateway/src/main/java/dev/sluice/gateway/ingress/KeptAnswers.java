package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.ClientTransport;
import dev.sluice.gateway.exchange.ClientWatch;
import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.Loop;

import java.util.List;
import java.util.Optional;

/**
 * What is kept of answers for clients that come back to them: they ask what became of one, go on
 * from it, or take its stream up again. Shared by all event loops.
 */
public interface KeptAnswers {
    /**
     * A client that comes back.
     *
     * @param query the part of the address behind the question mark, empty if it has none
     * @param lastEventId the event that it says it had last, empty if it says none
     * @param principal whose key it shows
     */
    record Return(String method, String path, String query, String lastEventId, String principal) {}

    /** An answer to a client that came back, which is told how the client fares. */
    interface Answering extends ClientWatch {
        /** Starts to answer. */
        void start();
    }

    /** A request that may be kept; made before its exchange. */
    interface Admitted {
        /** What is asked of the exchange. */
        ClientCall call();

        /** Where the exchange writes to. */
        ClientTransport client();

        /** The exchange is made; returns who is told how the client fares. */
        ClientWatch watch(Exchange exchange);
    }

    /** The dialect whose clients come back so on {@code path}; empty if none do. */
    Optional<ClientDialect> dialectOf(String method, String path);

    /** The methods by which clients come back on {@code path}. */
    List<String> methods(String path);

    /**
     * What a client that came back is answered.
     *
     * @throws dev.sluice.core.failure.FailureException when there is nothing for it
     */
    Answering answer(Return request, ClientTransport client, Loop loop);

    /**
     * What a client is answered that takes a stream up again where it lost it; empty if {@code
     * call} asks for no such thing.
     *
     * @throws dev.sluice.core.failure.FailureException when the stream cannot be taken up
     */
    default Optional<Answering> resume(
            ClientDialect dialect, Call call, String principal, ClientTransport client, Loop loop) {
        return Optional.empty();
    }

    /** Whether this keeps anything of the answers in {@code dialect}. */
    boolean keeps(ClientDialect dialect);

    /**
     * Takes a request that is about to be answered.
     *
     * @throws dev.sluice.core.failure.FailureException when it goes on from what is not there
     */
    Admitted admit(ClientCall call, List<Candidate> candidates, ClientTransport client, Loop loop);

    /** Keeps nothing. */
    KeptAnswers NONE =
            new KeptAnswers() {
                @Override
                public boolean keeps(ClientDialect dialect) {
                    return false;
                }

                @Override
                public Optional<ClientDialect> dialectOf(String method, String path) {
                    return Optional.empty();
                }

                @Override
                public List<String> methods(String path) {
                    return List.of();
                }

                @Override
                public Answering answer(Return request, ClientTransport client, Loop loop) {
                    throw new IllegalStateException("nobody comes back to " + request.path());
                }

                @Override
                public Admitted admit(
                        ClientCall call,
                        List<Candidate> candidates,
                        ClientTransport client,
                        Loop loop) {
                    return unkept(call, client);
                }
            };

    /** Several, each for dialects of its own. */
    static KeptAnswers each(List<KeptAnswers> all) {
        return new KeptAnswers() {
            @Override
            public boolean keeps(ClientDialect dialect) {
                return all.stream().anyMatch(kept -> kept.keeps(dialect));
            }

            private KeptAnswers of(ClientDialect dialect) {
                return all.stream().filter(kept -> kept.keeps(dialect)).findFirst().orElse(NONE);
            }

            @Override
            public Optional<ClientDialect> dialectOf(String method, String path) {
                for (KeptAnswers kept : all) {
                    Optional<ClientDialect> dialect = kept.dialectOf(method, path);
                    if (dialect.isPresent()) {
                        return dialect;
                    }
                }
                return Optional.empty();
            }

            @Override
            public List<String> methods(String path) {
                return all.stream().flatMap(kept -> kept.methods(path).stream()).toList();
            }

            @Override
            public Answering answer(Return request, ClientTransport client, Loop loop) {
                return all.stream()
                        .filter(
                                kept ->
                                        kept.dialectOf(request.method(), request.path())
                                                .isPresent())
                        .findFirst()
                        .orElse(NONE)
                        .answer(request, client, loop);
            }

            @Override
            public Optional<Answering> resume(
                    ClientDialect dialect,
                    Call call,
                    String principal,
                    ClientTransport client,
                    Loop loop) {
                return of(dialect).resume(dialect, call, principal, client, loop);
            }

            @Override
            public Admitted admit(
                    ClientCall call,
                    List<Candidate> candidates,
                    ClientTransport client,
                    Loop loop) {
                return of(call.dialect()).admit(call, candidates, client, loop);
            }
        };
    }

    /** A request that is not kept. */
    static Admitted unkept(ClientCall call, ClientTransport client) {
        return new Admitted() {
            @Override
            public ClientCall call() {
                return call;
            }

            @Override
            public ClientTransport client() {
                return client;
            }

            @Override
            public ClientWatch watch(Exchange exchange) {
                return exchange;
            }
        };
    }
}
