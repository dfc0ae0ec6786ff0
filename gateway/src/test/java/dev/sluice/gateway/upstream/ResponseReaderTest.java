package dev.sluice.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.provider.Head;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The same is told of responses as by the HTTP library. */
class ResponseReaderTest {
    private static final int MOST_HEAD = 8192;
    private static final String HEAD =
            lines(
                    "HTTP/1.1 200 OK",
                    "Content-Type: text/event-stream",
                    "Transfer-Encoding: chunked",
                    "");

    /** What some responses are: heads, bodies, ends, errors. */
    private record Reading(String told, int pieces) {}

    /** What the library makes of them. */
    private static Reading reference(String responses) {
        StringBuilder told = new StringBuilder();
        int[] pieces = new int[1];
        EmbeddedChannel channel =
                new EmbeddedChannel(
                        new HttpClientCodec(4096, MOST_HEAD, 64 << 10),
                        new SimpleChannelInboundHandler<HttpObject>() {
                            @Override
                            protected void channelRead0(
                                    ChannelHandlerContext context, HttpObject object) {
                                pieces[0] += tell(object, told);
                            }
                        });
        for (int i = 0; i < 4; i++) {
            channel.writeOutbound(
                    new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
        }
        channel.releaseOutbound();
        channel.writeInbound(
                Unpooled.wrappedBuffer(responses.getBytes(StandardCharsets.ISO_8859_1)));
        channel.close().syncUninterruptibly();
        return new Reading(told.toString(), pieces[0]);
    }

    /** Tells in the same words. */
    private static final class Told implements ResponseReader.Sink {
        private final StringBuilder told = new StringBuilder();
        private int pieces;
        private @Nullable ResponseReader reader;
        private String ends = "";

        @Override
        public void onHead(Head head) {
            told.append('[').append(head.status()).append(' ');
            told.append(head.headers().all()).append(']');
        }

        @Override
        public void onData(byte[] bytes, int offset, int length) {
            pieces++;
            told.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
            Arrays.fill(bytes, offset, offset + length, (byte) '!');
        }

        @Override
        public void onEnd(boolean isReusable) {
            told.append("[end]");
            ends += isReusable ? "+" : "-";
            Objects.requireNonNull(reader).expect();
        }
    }

    private static Told told(String responses, int... cuts) {
        Told told = new Told();
        ResponseReader reader = new ResponseReader(told, MOST_HEAD);
        told.reader = reader;
        reader.expect();
        byte[] bytes = responses.getBytes(StandardCharsets.ISO_8859_1);
        int from = 0;
        try {
            for (int i = 0; i <= cuts.length; i++) {
                int to = i < cuts.length ? cuts[i] : bytes.length;
                byte[] piece = Arrays.copyOfRange(bytes, from, to);
                reader.read(piece, 0, piece.length);
                from = to;
            }
            reader.closed();
        } catch (MalformedResponse malformed) {
            told.told.append("[broken]");
        }
        return told;
    }

    private static Reading read(String responses, int... cuts) {
        Told told = told(responses, cuts);
        return new Reading(told.told.toString(), told.pieces);
    }

    /** Says what {@code object} tells; returns the pieces of body in it. */
    private static int tell(HttpObject object, StringBuilder told) {
        if (object.decoderResult().isFailure()) {
            told.append("[broken]");
            return 0;
        }
        if (object instanceof HttpResponse response && response.status().code() >= 200) {
            told.append('[').append(response.status().code()).append(' ');
            told.append(response.headers().entries().stream().map(Map.Entry::getKey).toList())
                    .append(']');
        }
        int pieces = 0;
        if (object instanceof HttpContent content && content.content().isReadable()) {
            pieces = 1;
            told.append(
                    new String(
                            ByteBufUtil.getBytes(content.content()), StandardCharsets.ISO_8859_1));
        }
        if (object instanceof LastHttpContent && !told.toString().isEmpty()) {
            told.append("[end]");
        }
        return pieces;
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static final String STREAM =
            HEAD + chunk("data: one\n\n") + chunk("data: two\r\n\r\n") + chunk("x") + "0\r\n\r\n";

    @Test
    @Tag("R9")
    void joinsWhatOneReadBrings() {
        assertThat(reference(STREAM).pieces()).isEqualTo(3);
        assertThat(read(STREAM).pieces()).isEqualTo(1);
    }

    static List<String> responses() {
        return List.of(
                STREAM,
                STREAM + STREAM,
                HEAD
                        + lines(
                                "A",
                                "0123456789",
                                "00a;name=\"v\"",
                                "0123456789",
                                "0;last",
                                "X-T: 1",
                                ""),
                "HTTP/1.1 100 Continue\r\n\r\n" + STREAM,
                "HTTP/1.1 204 No Content\r\n\r\n" + STREAM,
                "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n0\r\n\r\n5\r\nx" + STREAM,
                "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n" + STREAM,
                "HTTP/1.1 200 OK\r\nx: y\r\n\r\n5\r\nuntil the close",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nuntil the close",
                "HTTP/1.1 200 OK\r\na:  b \r\nd:\r\ncontent-length: 2\r\n\r\nxy" + STREAM);
    }

    @ParameterizedTest
    @MethodSource("responses")
    @Tag("R3")
    void tellsTheSameWhereverTheStreamIsCut(String responses) {
        String expected = reference(responses).told();
        assertThat(read(responses).told()).isEqualTo(expected);
        for (int i = 1; i < responses.length(); i++) {
            assertThat(read(responses, i).told()).as("cut at %s", i).isEqualTo(expected);
        }
        int[] everywhere = new int[responses.length() - 1];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i + 1;
        }
        assertThat(read(responses, everywhere).told()).isEqualTo(expected);
    }

    @Test
    @Tag("R3")
    void tellsTheSameOfLongStreamsCutAnywhere() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < 200; round++) {
            StringBuilder responses = new StringBuilder(HEAD);
            for (int i = random.nextInt(40); i >= 0; i--) {
                responses.append(chunk("c".repeat(1 + random.nextInt(300))));
            }
            responses.append("0\r\n\r\n");
            int[] cuts =
                    random.ints(random.nextInt(12), 1, responses.length())
                            .sorted()
                            .distinct()
                            .toArray();
            assertThat(read(responses.toString(), cuts).told())
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(reference(responses.toString()).told());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xyz\r\nabc\r\n",
                "3\r\nabcd\r\n0\r\n\r\n",
                "3\rabc\r\n0\r\n\r\n",
                "\r\nabc\r\n",
                "ffffffff\r\nabc",
                "-3\r\nabc\r\n0\r\n\r\n"
            })
    @Tag("S7")
    void refusesChunksThatAreNone(String malformed) {
        for (String before : List.of("", chunk("one"), chunk("one") + chunk("two"))) {
            String told = read(HEAD + before + malformed).told();
            assertThat(told).endsWith("[broken]").doesNotContain("[end");
            assertThat(told.contains("one")).isEqualTo(before.contains("one"));
            assertThat(told.contains("two")).isEqualTo(before.contains("two"));
        }
    }

    @Test
    void knowsWhetherTheConnectionLivesOn() {
        String counted = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n";
        assertThat(told(STREAM).ends).isEqualTo("+");
        assertThat(told(counted + "\r\nx").ends).isEqualTo("+");
        assertThat(told(counted + "connection: Close\r\n\r\nx").ends).isEqualTo("-");
        assertThat(told(counted.replace("1.1", "1.0") + "\r\nx").ends).isEqualTo("-");
        assertThat(told(counted.replace("1.1", "1.0") + "connection: keep-alive\r\n\r\nx").ends)
                .isEqualTo("+");
        assertThat(told("HTTP/1.1 200 OK\r\n\r\nx").ends).isEqualTo("-");
        assertThat(told(counted + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n").ends)
                .as("two lengths")
                .isEqualTo("-");
        assertThat(told(counted + "\r\nxHTTP").ends).as("more than was asked for").isEqualTo("-");
    }

    @Test
    void knowsHowLongTheServerKeepsAnIdleConnection() {
        Told told = told(counted("Keep-Alive: timeout=5, max=100"));
        assertThat(Objects.requireNonNull(told.reader).idleSeconds()).isEqualTo(5);
        assertThat(Objects.requireNonNull(told(STREAM).reader).idleSeconds()).isZero();
    }

    private static String counted(String field) {
        return lines("HTTP/1.1 200 OK", "content-length: 1", field, "") + "x";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ICY 200 OK\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
                "HTTP/1.1 200 OK\r\n folded: first\r\n\r\n",
                "HTTP/1.1 200 OK\r\nspace : x\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\ncontent-length: 1,1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n , x\r\n\r\n0\r\n\r\n"
            })
    @Tag("S7")
    void refusesWhatIsNoResponse(String malformed) {
        assertThat(read(malformed).told()).isEqualTo("[broken]");
    }

    @Test
    @Tag("S7")
    void boundsHeads() {
        String field = "x: " + "y".repeat(100) + "\r\n";
        String fits = "HTTP/1.1 200 OK\r\n" + field.repeat(70);
        assertThat(read(fits + "\r\n").told()).startsWith("[200");
        assertThat(read(fits + field.repeat(20) + "\r\n").told()).isEqualTo("[broken]");
        assertThat(read("HTTP/1.1 200 OK\r\nx: " + "y".repeat(MOST_HEAD)).told())
                .isEqualTo("[broken]");
        assertThat(read("HTTP/1.1 100 Continue\r\n\r\n".repeat(1000)).told()).isEqualTo("[broken]");
        assertThat(read(HEAD + "0\r\n" + field.repeat(100)).told()).endsWith("[broken]");
    }
}
