package dev.sluice.testkit.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.testkit.Splits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;

class SseParserTest {
    static List<SseVector> vectors() {
        return SseVector.all();
    }

    @Test
    void findsAllVectors() {
        assertThat(vectors()).hasSize(34);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void lenientParserDoesWhatTheAlgorithmSays(SseVector vector) {
        LenientSseParser parser = new LenientSseParser();
        vector.chunks().forEach(chunk -> parser.feed(chunk, 0));
        parser.finish();

        assertThat(parser.events()).isEqualTo(vector.events());
        vector.lastEventId().ifPresent(id -> assertThat(parser.lastEventId()).isEqualTo(id));
        assertThat(parser.retryMillis()).isEqualTo(vector.retryMillis());
    }

    @Test
    void bothParsersAgreeOnWhatWritersMayWriteHoweverItIsCut() {
        byte[] body =
                ": ping\n\nevent: a\ndata: {\"é\":\"東京 🎉\"}\n\ndata: [DONE]\n\n".getBytes(UTF_8);
        List<SseEvent> expected =
                List.of(new SseEvent("a", "{\"é\":\"東京 🎉\"}"), new SseEvent("message", "[DONE]"));

        Splits.forEach(
                Splits.all(body),
                pieces -> {
                    for (SseParser parser : List.of(SseParser.strict(), SseParser.lenient())) {
                        pieces.forEach(piece -> parser.feed(piece, 0));
                        parser.finish();
                        assertThat(parser.events()).isEqualTo(expected);
                        assertThat(parser.comments()).containsExactly(new SseComment("ping", 0, 0));
                    }
                });
    }

    @Test
    void eventsCarryTheTimeOfTheirClosingBlankLine() {
        SseParser parser = SseParser.strict();
        parser.feed("data: a\n".getBytes(UTF_8), 5);
        assertThat(parser.events()).isEmpty();
        parser.feed("\n".getBytes(UTF_8), 7);

        assertThat(parser.events()).extracting(SseEvent::nanos).containsExactly(7L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data: a\\r\\n\\r\\n | carriage return",
                "data: a\\rdata: b\\n\\n | carriage return",
                "\uFEFFdata: a\\n\\n | byte order mark",
                "data: a\\ndata: b\\n\\n | second data line",
                "data:\\n\\n | neither",
                "'data: \\n\\n' | empty data",
                "data:a\\n\\n | neither",
                "event: a\\n\\n | event without data",
                "event: a\\nevent: b\\ndata: c\\n\\n | second event line",
                "data: c\\nevent: a\\n\\n | event line after",
                "'event: \\ndata: c\\n\\n' | without a real name",
                "event: message\\ndata: c\\n\\n | without a real name",
                "id: 1\\ndata: c\\n\\n | neither",
                "retry: 1\\n\\n | neither",
                "DATA: c\\n\\n | neither",
                ": ping\\ndata: c\\n\\n | glued",
                "data: c\\n: ping\\n\\n | comment inside",
                "data: c\\n\\n\\n | closes nothing",
                "\\ndata: c\\n\\n | closes nothing",
                "data: c\\n | without a closing blank line",
                ": ping\\n | without a closing blank line",
                "data: c | inside a line",
            })
    void strictParserRefuses(String body, String fault) {
        byte[] bytes = body.replace("\\n", "\n").replace("\\r", "\r").getBytes(UTF_8);

        assertThatThrownBy(() -> SseParser.strict(bytes))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(fault);
    }

    @Test
    void strictParserRefusesBytesThatAreNotUtf8() {
        List<byte[]> faulty = new ArrayList<>();
        faulty.add(new byte[] {'d', 'a', 't', 'a', ':', ' ', (byte) 0xC3, '\n', '\n'});

        assertThatThrownBy(() -> SseParser.strict(faulty.getFirst()))
                .hasMessageContaining("not UTF-8");
    }
}
