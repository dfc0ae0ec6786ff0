package dev.sluice.dialect.openaichat;

import static dev.sluice.dialect.openaichat.Chunks.DONE;
import static dev.sluice.dialect.openaichat.Chunks.ROLE;
import static dev.sluice.dialect.openaichat.Chunks.STOP;
import static dev.sluice.dialect.openaichat.Chunks.calls;
import static dev.sluice.dialect.openaichat.Chunks.choice;
import static dev.sluice.dialect.openaichat.Chunks.delta;
import static dev.sluice.dialect.openaichat.Chunks.finish;
import static dev.sluice.dialect.openaichat.Chunks.stream;
import static dev.sluice.dialect.openaichat.Chunks.text;
import static dev.sluice.dialect.openaichat.Chunks.utf8;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Tap.Sight;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.dialect.Wire;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/** Streams that go to the client as they are, and what is seen of them. */
class OpenAiChatTapTest {
    private static final String USAGE =
            "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":"
                + "\"m1\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}";

    private static Wire.Watched watch(boolean includeUsage, String... data) {
        return Wire.watch(Chunks.DIALECT, includeUsage, utf8(stream(data)));
    }

    @Test
    @Tag("R56")
    void tellsContentFromPreamble() {
        Wire.Watched seen =
                Wire.watch(
                        Chunks.DIALECT,
                        true,
                        utf8(
                                ": hello\n\n"
                                        + stream(ROLE, text("a"), text("b"), STOP, USAGE, DONE)));
        assertThat(seen.sights())
                .containsExactly(
                        Sight.PING,
                        Sight.PREAMBLE,
                        Sight.CONTENT,
                        Sight.CONTENT,
                        Sight.PREAMBLE,
                        Sight.PREAMBLE,
                        Sight.END);
        assertThat(seen.tap().model()).isEqualTo("m1");
        assertThat(seen.tap().usage().output()).isEqualTo(5);
        assertThat(seen.tap().stopReason()).contains(StopReason.END_TURN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"a\"}",
                "{\"refusal\":\"a\"}",
                "{\"reasoning_content\":\"a\"}",
                "{\"reasoning\":\"a\"}",
                "{\"tool_calls\":[{\"index\":0}]}",
                "{\"function_call\":{\"name\":\"f\"}}",
                "{\"audio\":{\"id\":\"a\"}}",
                "{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}",
            })
    void seesContentOfEveryKind(String delta) {
        assertThat(watch(true, ROLE, delta(delta)).sights())
                .containsExactly(Sight.PREAMBLE, Sight.CONTENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "{\"role\":\"assistant\",\"content\":null,\"refusal\":null}",
                "{\"content\":\"\",\"tool_calls\":[],\"function_call\":null,\"annotations\":[]}",
            })
    void seesNoContentInWhatSaysNothing(String delta) {
        assertThat(watch(true, delta(delta)).sights()).containsExactly(Sight.PREAMBLE);
    }

    @Test
    void hidesUsageThatTheClientDidNotAskFor() {
        Wire.Watched seen = watch(false, ROLE, text("a"), STOP, USAGE, DONE);
        assertThat(utf8(seen.passed())).isEqualTo(stream(ROLE, text("a"), STOP, DONE));
        assertThat(seen.tap().usage().output()).isEqualTo(5);
    }

    @Test
    void passesUsageOnThatRidesOnAnotherChunk() {
        String finish = STOP.replace("\"id\"", "\"usage\":{\"completion_tokens\":3},\"id\"");
        Wire.Watched seen = watch(false, ROLE, text("a"), finish, DONE);
        assertThat(utf8(seen.passed())).isEqualTo(stream(ROLE, text("a"), finish, DONE));
        assertThat(seen.tap().usage().output()).isEqualTo(3);
    }

    @Test
    void passesChunksOnThatHaveNeitherChoicesNorUsage() {
        String filter = "{\"choices\":[],\"prompt_filter_results\":[]}";
        Wire.Watched seen = watch(false, filter, ROLE, text("a"), STOP, DONE);
        assertThat(utf8(seen.passed())).startsWith(stream(filter));
    }

    @Test
    @Tag("R53")
    void addsTheTerminalMarkerWhereItIsMissing() {
        Wire.Watched seen = watch(true, ROLE, text("a"), STOP);
        assertThat(seen.missing()).isEmpty();
        assertThat(utf8(seen.passed())).isEqualTo(stream(ROLE, text("a"), STOP, DONE));
    }

    @Test
    @Tag("R53")
    void hidesASecondTerminalMarker() {
        Wire.Watched seen = watch(true, ROLE, text("a"), STOP, DONE, DONE, text("b"));
        assertThat(utf8(seen.passed())).isEqualTo(stream(ROLE, text("a"), STOP, DONE));
        assertThat(seen.sights()).containsOnlyOnce(Sight.END);
    }

    @Test
    @Tag("R50")
    void tellsAnEndThatCameTooEarly() {
        Wire.Watched seen = watch(true, ROLE, text("a"));
        assertThat(seen.missing().orElseThrow().code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
        assertThat(utf8(seen.passed())).doesNotContain("[DONE]");
    }

    @Test
    @Tag("R50")
    void tellsAnEndBeforeAnything() {
        assertThat(watch(true).missing()).isPresent();
        assertThat(watch(true, DONE).thrown().orElseThrow().code())
                .isEqualTo(FailureCode.UPSTREAM_BROKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}",
                "{\"error\":\"boom\"}",
                "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}],"
                    + "\"error\":{\"code\":502,\"message\":\"boom\"}}",
            })
    @Tag("R52")
    void passesAFailureOnThatClientsKnow(String error) {
        Wire.Watched seen = watch(true, ROLE, text("a"), error, DONE);
        assertThat(utf8(seen.passed())).isEqualTo(stream(ROLE, text("a"), error));
        assertThat(seen.sights()).contains(Sight.FAILURE).doesNotContain(Sight.END);
        assertThat(seen.tap().failure().orElseThrow().message()).isEqualTo("boom");
        assertThat(seen.missing()).isEqualTo(seen.tap().failure());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"object\":\"error\",\"message\":\"boom\"}",
                "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}",
            })
    @Tag("R52")
    void throwsAFailureThatClientsWouldNotSee(String error) {
        Wire.Watched seen = watch(true, ROLE, text("a"), error, DONE);
        assertThat(utf8(seen.passed())).isEqualTo(stream(ROLE, text("a")));
        assertThat(seen.thrown()).isPresent().isEqualTo(seen.tap().failure());
    }

    @Test
    void mindsNoErrorThatIsNull() {
        String chunk = text("a").replace("\"id\"", "\"error\":null,\"id\"");
        assertThat(watch(true, ROLE, chunk, STOP, DONE).missing()).isEmpty();
    }

    @Test
    void followsSeveralChoices() {
        String first = choice("{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}");
        String second =
                choice("{\"index\":1,\"delta\":{\"content\":\"b\"},\"finish_reason\":null}");
        String secondEnds = choice("{\"index\":1,\"delta\":{},\"finish_reason\":\"length\"}");
        Wire.Watched half = watch(true, first, second, secondEnds);
        assertThat(half.missing()).as("choice 0 has not finished").isPresent();
        Wire.Watched whole = watch(true, first, second, secondEnds, STOP);
        assertThat(whole.missing()).isEmpty();
        assertThat(whole.tap().stopReason()).contains(StopReason.END_TURN);
        assertThat(whole.sights())
                .containsExactly(Sight.CONTENT, Sight.CONTENT, Sight.PREAMBLE, Sight.PREAMBLE);
        assertThat(watch(true, first, second, STOP, secondEnds, DONE).sights()).endsWith(Sight.END);
    }

    @Test
    void saysWhyAMessageWithACallEnded() {
        String call = calls("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}");
        assertThat(watch(true, call, STOP, DONE).tap().stopReason()).contains(StopReason.TOOL_USE);
        assertThat(watch(true, call, finish("length"), DONE).tap().stopReason())
                .contains(StopReason.MAX_TOKENS);
    }

    @Test
    void seesContentInManyFramesThatAreAlike() {
        List<String> data = new ArrayList<>(List.of(ROLE));
        for (int i = 0; i < 100; i++) {
            data.add(text("t" + i));
        }
        data.add(text(""));
        data.add(STOP);
        data.add(DONE);
        Wire.Watched seen = watch(true, data.toArray(String[]::new));
        assertThat(seen.sights()).filteredOn(Sight.CONTENT::equals).hasSize(100);
        assertThat(seen.sights().get(101)).as("an empty piece").isEqualTo(Sight.PREAMBLE);
        assertThat(utf8(seen.passed())).isEqualTo(stream(data.toArray(String[]::new)));
    }
}
