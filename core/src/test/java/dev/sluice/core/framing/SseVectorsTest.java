package dev.sluice.core.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * The byte-level vectors of event streams: in their own pieces, whole, byte by byte, at every cut.
 */
@Tag("R1")
@Tag("R2")
@Tag("R3")
@Tag("R4")
@Tag("R7")
class SseVectorsTest {
    private record Vector(
            String name,
            List<byte[]> chunks,
            byte[] whole,
            List<Frames.Seen> events,
            JsonNode node) {}

    private static List<Vector> vectors() {
        List<Vector> vectors = new ArrayList<>();
        InputStream in = SseVectorsTest.class.getResourceAsStream("/golden/sse/vectors.json");
        if (in == null) {
            return fail("the vectors are missing");
        }
        for (JsonNode node : JsonMapper.shared().readTree(in).get("vectors")) {
            List<byte[]> chunks = new ArrayList<>();
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (JsonNode chunk : node.get("chunks")) {
                byte[] bytes = Base64.getDecoder().decode(chunk.stringValue());
                chunks.add(bytes);
                whole.writeBytes(bytes);
            }
            List<Frames.Seen> events = new ArrayList<>();
            for (JsonNode event : node.get("events")) {
                String type = event.get("type").stringValue();
                events.add(
                        new Frames.Seen(
                                type.equals("message") ? "" : type,
                                event.get("data").stringValue(),
                                event.get("lastEventId").stringValue()));
            }
            vectors.add(
                    new Vector(
                            node.get("name").stringValue(),
                            chunks,
                            whole.toByteArray(),
                            events,
                            node));
        }
        return vectors;
    }

    private static void check(Vector vector, List<byte[]> pieces) {
        SseDecoder decoder = new SseDecoder(1 << 20);
        Frames frames = new Frames();
        for (byte[] piece : pieces) {
            // A piece stands somewhere in a larger buffer, which is used again afterwards.
            byte[] buffer = new byte[piece.length + 9];
            System.arraycopy(piece, 0, buffer, 5, piece.length);
            decoder.feed(buffer, 5, piece.length, frames);
            java.util.Arrays.fill(buffer, (byte) '!');
        }
        int held = decoder.held();
        decoder.end(frames);
        assertThat(frames.events()).isEqualTo(vector.events);
        byte[] raw = frames.raw.toByteArray();
        assertThat(raw).hasSize(vector.whole.length - held);
        assertThat(vector.whole).startsWith(raw);
        if (vector.node.has("final_last_event_id")) {
            assertThat(decoder.lastEventId())
                    .isEqualTo(vector.node.get("final_last_event_id").stringValue());
        }
        if (vector.node.has("final_retry_ms")) {
            assertThat(decoder.retryMillis())
                    .hasValue(vector.node.get("final_retry_ms").intValue());
        }
    }

    @Test
    void allVectorsAreThere() {
        assertThat(vectors()).hasSize(34);
    }

    @TestFactory
    Stream<DynamicTest> eachVectorInEverySplit() {
        return vectors().stream()
                .map(vector -> DynamicTest.dynamicTest(vector.name, () -> checkEverySplit(vector)));
    }

    private static void checkEverySplit(Vector vector) {
        byte[] whole = vector.whole;
        check(vector, vector.chunks);
        check(vector, List.of(whole));
        for (int size : new int[] {1, 2, 3, 7, 31}) {
            check(vector, Pieces.of(whole, size));
        }
        for (int cut = 0; cut <= whole.length; cut++) {
            check(vector, Pieces.at(whole, cut));
            for (int second = cut; second <= whole.length; second++) {
                check(vector, Pieces.at(whole, cut, second));
            }
        }
    }

    @Test
    @Tag("R9")
    void manyVectorsInOneStreamGiveTheSameInEverySplit() {
        Seeded.times(
                300,
                random -> {
                    List<Vector> vectors = vectors();
                    ByteArrayOutputStream all = new ByteArrayOutputStream();
                    for (int i = 0; i < 6; i++) {
                        all.writeBytes(vectors.get(random.nextInt(vectors.size())).whole);
                    }
                    byte[] stream = all.toByteArray();
                    Frames expected = new Frames();
                    SseDecoder whole = new SseDecoder(1 << 20);
                    whole.feed(stream, 0, stream.length, expected);
                    SseDecoder decoder = new SseDecoder(1 << 20);
                    Frames frames = new Frames();
                    for (byte[] piece : Pieces.random(stream, random)) {
                        decoder.feed(piece, 0, piece.length, frames);
                    }
                    decoder.end(frames);
                    assertThat(frames.events()).isEqualTo(expected.events());
                    assertThat(frames.rawText()).isEqualTo(expected.rawText());
                    assertThat(decoder.held()).isEqualTo(whole.held());
                });
    }
}
