package dev.sluice.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** With the joiner in front, the HTTP library reads the same responses as without it. */
class ChunkJoinerTest {
    private static final String HEAD =
            lines(
                    "HTTP/1.1 200 OK",
                    "Content-Type: text/event-stream",
                    "Transfer-Encoding: chunked",
                    "");

    /** What the library made of some responses: heads, bodies, ends, errors. */
    private record Reading(String told, int contents) {}

    private static Reading read(boolean joined, String responses, int... cuts) {
        List<ChannelHandler> handlers = new ArrayList<>();
        if (joined) {
            handlers.add(new ChunkJoiner());
        }
        handlers.add(new HttpClientCodec(4096, 8192, 64 << 10));
        EmbeddedChannel channel = new EmbeddedChannel(handlers.toArray(ChannelHandler[]::new));
        for (int i = 0; i < 4; i++) {
            channel.writeOutbound(
                    new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
        }
        channel.releaseOutbound();
        byte[] bytes = responses.getBytes(StandardCharsets.ISO_8859_1);
        List<ByteBuf> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : bytes.length;
            ByteBuf piece = channel.alloc().directBuffer().writeBytes(bytes, from, to - from);
            pieces.add(piece);
            channel.writeInbound(piece);
            from = to;
        }
        channel.close().syncUninterruptibly();
        Reading reading = told(channel);
        assertThat(pieces).allSatisfy(piece -> assertThat(piece.refCnt()).isZero());
        return reading;
    }

    private static Reading told(EmbeddedChannel channel) {
        StringBuilder told = new StringBuilder();
        int contents = 0;
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            HttpObject object = (HttpObject) next;
            if (object.decoderResult().isFailure()) {
                told.append("[broken]");
            } else {
                if (object instanceof HttpResponse response) {
                    told.append('[').append(response.status()).append(' ');
                    told.append(response.headers().names()).append(']');
                }
                if (object instanceof HttpContent content && content.content().isReadable()) {
                    contents++;
                    told.append(
                            new String(
                                    ByteBufUtil.getBytes(content.content()),
                                    StandardCharsets.ISO_8859_1));
                }
                if (object instanceof LastHttpContent last) {
                    told.append("[end ").append(last.trailingHeaders().names()).append(']');
                }
            }
            ReferenceCountUtil.release(object);
        }
        return new Reading(told.toString(), contents);
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
        assertThat(read(false, STREAM).contents()).isEqualTo(3);
        assertThat(read(true, STREAM).contents()).isEqualTo(1);
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
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("responses")
    @Tag("R3")
    void changesNothingWhereverTheStreamIsCut(String responses) {
        String expected = read(false, responses).told();
        assertThat(read(true, responses).told()).isEqualTo(expected);
        for (int i = 1; i < responses.length(); i++) {
            assertThat(read(true, responses, i).told()).as("cut at %s", i).isEqualTo(expected);
        }
        int[] everywhere = new int[responses.length() - 1];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i + 1;
        }
        assertThat(read(true, responses, everywhere).told()).isEqualTo(expected);
    }

    @Test
    @Tag("R3")
    void changesNothingInLongStreamsCutAnywhere() {
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
            assertThat(read(true, responses.toString(), cuts).told())
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(read(false, responses.toString()).told());
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
    void tellsTheLibraryOfChunksThatAreNone(String malformed) {
        for (String before : List.of("", chunk("one"), chunk("one") + chunk("two"))) {
            String told = read(true, HEAD + before + malformed).told();
            assertThat(told).contains("[broken]").doesNotContain("[end");
        }
    }
}
