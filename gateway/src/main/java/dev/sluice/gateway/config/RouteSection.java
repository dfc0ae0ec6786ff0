package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.List;

/** The keys of one of the {@code routes}. */
final class RouteSection {
    private static final Key<List<Target>> TO =
            Key.required(
                    "to",
                    new ListOf<>(
                            Single.of(Target.EXPECTED, Target::of),
                            "[openai/gpt-5-mini, local/llama3]"),
                    "Who is asked, in this order, until one answers; `fast: [a/b, c/d]` says the"
                            + " same in short.");
    private static final Key<TimeoutOverrides> ROUTE_TIMEOUTS =
            Key.optional(
                    "timeouts",
                    TimeoutSection.overrides(TimeoutSection.OF_PROVIDER),
                    TimeoutSection.OF_PROVIDER,
                    "What this route wants otherwise.");

    private static final Key<OnDisconnect> ON_DISCONNECT =
            Key.optional(
                    "on-disconnect",
                    Single.of(OnDisconnect.class),
                    "it ends, on `/stream` after `resume.window`",
                    "What becomes of an answer whose client has left: `drain` lets it go on to a"
                            + " limit, `detach` to its end.");
    private static final Key<Integer> DRAIN_TOKENS =
            Key.of(
                    "drain-tokens",
                    Single.of(Disconnect.TOKENS),
                    Disconnect.DEFAULT_TOKENS,
                    "How many tokens may still come of an answer that is drained.");
    private static final Key<Duration> DRAIN_TIME =
            Key.of(
                    "drain-time",
                    Single.of(Timeouts.RANGE),
                    Disconnect.DEFAULT_TIME,
                    "How long an answer that is drained may still take.");

    static final Section<RouteConfig> ROUTE =
            Section.of(
                            v ->
                                    new RouteConfig(
                                            v.name(),
                                            v.get(TO),
                                            v.find(ROUTE_TIMEOUTS).orElse(TimeoutOverrides.NONE),
                                            v.find(ON_DISCONNECT)
                                                    .map(
                                                            then ->
                                                                    new Disconnect(
                                                                            then,
                                                                            v.get(DRAIN_TOKENS),
                                                                            v.get(DRAIN_TIME)))),
                            TO,
                            ROUTE_TIMEOUTS,
                            ON_DISCONNECT,
                            DRAIN_TOKENS,
                            DRAIN_TIME)
                    .orListOf(TO);

    private RouteSection() {}
}
