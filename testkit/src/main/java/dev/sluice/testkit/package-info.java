/**
 * What all our tests are written with: fakes, waits, measures and strict judges. It uses real
 * sockets of 127.0.0.1 and no other part of Sluice, so that every module's tests can use it, and so
 * that a fault of ours cannot hide itself by being on both sides.
 *
 * <h2>A test has three sides</h2>
 *
 * The gateway stands between an upstream and a client. Both ends are ours here, and both are raw
 * sockets, so that a test can say of every byte whether it is sent, and when:
 *
 * {@snippet :
 * try (FakeUpstream upstream = FakeUpstream.start();
 *         Gateway gateway = startGateway(upstream.uri());
 *         RawClient client = RawClient.connect(gateway.port())) {
 *     ChatEvents chat = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
 *     Gate second = Gate.closed();
 *     upstream.on("/v1/chat/completions",
 *             Script.stream().send(chat.role()).send(chat.text("one")).await(second).send(chat.text("two")).send(chat.end("stop")));
 *
 *     SseReader events = client.post("/v1/chat/completions", request).events();
 *     events.take(2);                                  // "one" is here although "two" was not sent
 *     events.assertNoEventFor(Duration.ofMillis(50));
 *     second.open();
 *     events.rest();
 * }
 * }
 *
 * Nothing in that test depends on how fast the machine is. That is the rule: order is made by a
 * {@link dev.sluice.testkit.Gate}, not by a pause; a wait has a condition and a limit ({@link
 * dev.sluice.testkit.Eventually}); everything that can block has a deadline and fails by saying
 * what it waited for.
 *
 * <h2>Cancel, and what is left over</h2>
 *
 * {@snippet :
 * upstream.on(path, Script.stream().endless(Duration.ofMillis(5), i -> chat.text("t" + i)));
 * client.post(path, request).events().take(3);
 * long left = System.nanoTime();
 * client.reset();                                      // or close(), halfClose()
 * ConnectionEnd end = upstream.request().awaitPeerClose(Duration.ofSeconds(5));
 * assertThat(end.millisSince(left)).isLessThan(100);
 * Eventually.within(Duration.ofSeconds(5), () -> upstream.openConnections() == 0);
 * }
 *
 * {@link dev.sluice.testkit.OpenFiles} and {@link dev.sluice.testkit.Heap} answer for the whole
 * process; take the base number first.
 *
 * <h2>Slow readers</h2>
 *
 * A {@code RawClient} reads only when it is told. Give both ends small buffers, and the upstream's
 * count of sent bytes shows how much stands between them:
 *
 * {@snippet :
 * upstream.sendBuffer(16 * 1024).on(path, Script.stream().endless(Duration.ZERO, i -> chat.text("t" + i)));
 * RawClient client = RawClient.connect(gateway.port(), 16 * 1024);
 * client.send(RawRequest.post(path, request));
 * long held = upstream.request().awaitStandstill(Duration.ofMillis(200), Duration.ofSeconds(10));
 * assertThat(held).isLessThan(LIMIT);
 * client.response().readSlowly(1024, Duration.ofSeconds(1));
 * }
 *
 * <h2>Faults</h2>
 *
 * {@link dev.sluice.testkit.http.Script} has one for each: {@code reset}, {@code close} in the
 * middle, {@code silent}, {@code halfHead}, {@code hugeHead}, {@code hugeBody}, {@code
 * neverNewline}, {@code html}, {@code tooManyRequests}, {@code gzip}, {@code length} that is a lie,
 * {@code raw} and {@code unframed} bytes. {@link dev.sluice.testkit.Ports} has ports that refuse
 * and ports that never answer. Several scripts for one route are the attempts of a retry.
 *
 * <h2>Judges</h2>
 *
 * What we write is judged by three, each stricter than any client: the HTTP of {@code RawClient}
 * and {@code FakeUpstream} (which reports a malformed request of ours when it is closed), the
 * strict form of server-sent events, and the grammar of the dialect. The last folds what it read,
 * so that meaning and form are checked in one go:
 *
 * {@snippet :
 * for (Golden golden : Goldens.anthropic()) {
 *     upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 7)));
 *     FoldedAnswer answer = AnthropicStreamValidator.strict().validate(client.post("/v1/messages", request).body());
 *     JsonSubset.assertSubset(golden.expected(), answer.response());
 * }
 * }
 *
 * Streams that are relayed byte for byte as a sloppy upstream wrote them need the lenient readers.
 * A decoder needs no socket: {@link dev.sluice.testkit.Splits} cuts its input everywhere and names
 * the cut, or the seed, that it fails on. {@link dev.sluice.testkit.LogCapture} finds the canary
 * key in all that the process says.
 */
@NullMarked
package dev.sluice.testkit;

import org.jspecify.annotations.NullMarked;
