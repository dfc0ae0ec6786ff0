package dev.sluice.dialect.openaichat;

import static dev.sluice.dialect.openaichat.Chunks.DONE;
import static dev.sluice.dialect.openaichat.Chunks.ROLE;
import static dev.sluice.dialect.openaichat.Chunks.STOP;
import static dev.sluice.dialect.openaichat.Chunks.answer;
import static dev.sluice.dialect.openaichat.Chunks.calls;
import static dev.sluice.dialect.openaichat.Chunks.choice;
import static dev.sluice.dialect.openaichat.Chunks.delta;
import static dev.sluice.dialect.openaichat.Chunks.events;
import static dev.sluice.dialect.openaichat.Chunks.failure;
import static dev.sluice.dialect.openaichat.Chunks.finish;
import static dev.sluice.dialect.openaichat.Chunks.ids;
import static dev.sluice.dialect.openaichat.Chunks.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.dialect.Wire;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** What servers send that the dialect does not say, and that is read all the same. */
class OpenAiChatTolerancesTest {
    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}";

    /** A fragment of a call; every member may be left out with an empty string. */
    private static String call(String index, String id, String name, String arguments) {
        return "{"
                + (index.isEmpty() ? "" : "\"index\":" + index + ",")
                + (id.isEmpty() ? "" : "\"id\":\"" + id + "\",")
                + "\"type\":\"function\",\"function\":{"
                + (name.isEmpty() ? "" : "\"name\":\"" + name + "\",")
                + "\"arguments\":\""
                + arguments
                + "\"}}";
    }

    @Nested
    class Choices {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"id\":\"c1\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}",
                    "{\"choices\":null,\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}",
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}",
                    "{\"choices\":{},\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}",
                    "{\"choices\":[null],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}",
                })
        @Tag("R27")
        void mayBeMissingNullOrEmpty(String usageChunk) {
            Answer answer = answer(ROLE, text("a"), STOP, usageChunk, DONE);
            assertThat(answer.usage().output()).isEqualTo(5);
            assertThat(answer.text()).isEqualTo("a");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"text\":\"a\",\"delta\":{\"content\":\"a\"}",
                    "\"delta\":{\"content\":\"a\"},\"text\":\"a\"",
                })
        void mayHaveTheTextASecondTimeAsAnswersToBarePromptsHaveIt(String members) {
            String chunk = "{\"id\":\"c1\",\"choices\":[{\"index\":0," + members + "}]}";
            assertThat(answer(ROLE, chunk, STOP, DONE).text()).isEqualTo("a");
        }

        @Test
        void beginTheMessageOnlyWhenThereIsOne() {
            String azure =
                    "{\"id\":\"\",\"model\":\"\",\"created\":0,\"choices\":[],"
                            + "\"prompt_filter_results\":[{\"prompt_index\":0}]}";
            List<Event> events = events(azure, ROLE, text("a"), STOP, DONE);
            assertThat(events.getFirst())
                    .isEqualTo(new Event.MessageStart("c1", "m1", 1760000000, Usage.NONE));
        }

        @Test
        void mayStandBeforeIdAndModel() {
            String first =
                    "{\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":null,\"index\":0}],"
                        + "\"created\":7,\"id\":\"late\",\"model\":\"m9\"}";
            Answer answer = answer(first, STOP, DONE);
            assertThat(answer.id()).isEqualTo("late");
            assertThat(answer.model()).isEqualTo("m9");
            assertThat(answer.created()).isEqualTo(7);
            assertThat(answer.text()).isEqualTo("a");
        }

        @Test
        void beyondTheFirstAreNotRead() {
            String second =
                    choice(
                            "{\"delta\":{\"content\":\"no\"},\"index\":1,\"finish_reason\":null},"
                                    + "{\"index\":0,\"delta\":{\"content\":\"yes\"}}");
            Answer answer = answer(ROLE, second, STOP, DONE);
            assertThat(answer.text()).isEqualTo("yes");
        }

        @Test
        void mayHaveACreationTimeWithAFraction() {
            String first =
                    "{\"id\":\"c\",\"created\":1760000000.75,\"model\":\"m\",\"choices\":"
                            + "[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}";
            assertThat(answer(first, STOP, DONE).created()).isEqualTo(1760000000);
        }
    }

    @Nested
    class Deltas {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"index\":0,\"finish_reason\":null}",
                    "{\"index\":0,\"delta\":null,\"finish_reason\":null}",
                    "{\"index\":0,\"delta\":{\"content\":null},\"finish_reason\":null}",
                    "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}",
                    "{\"index\":0,\"delta\":{\"role\":\"\",\"content\":\"\",\"tool_calls\":null}}",
                    "{\"index\":0,\"delta\":{\"tool_calls\":[],\"function_call\":null,\"refusal\":null}}",
                })
        @Tag("R44")
        void thatSayNothingOpenNoBlock(String choice) {
            List<Event> events = events(choice(choice), choice(choice), STOP, DONE);
            assertThat(events).noneMatch(Event.BlockStart.class::isInstance);
            assertThat(Wire.answer(events).stopReason()).isEqualTo(StopReason.END_TURN);
        }

        @Test
        void mayRepeatTheRole() {
            String said = "{\"role\":\"assistant\",\"content\":\"a\"}";
            assertThat(answer(delta(said), delta(said), STOP, DONE).text()).isEqualTo("aa");
        }

        @Test
        void mayHaveContentInParts() {
            Answer answer =
                    answer(
                            delta(
                                    "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":"
                                            + "\"text\",\"text\":\"hm\"}]},"
                                            + "{\"type\":\"text\",\"text\":\"ok\"}]}"),
                            STOP,
                            DONE);
            assertThat(text(answer, BlockKind.THINKING)).isEqualTo("hm");
            assertThat(answer.text()).isEqualTo("ok");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"reasoning_content\":\"hm\"}",
                    "{\"reasoning\":\"hm\"}",
                    "{\"content\":null,\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"}",
                    "{\"reasoning_content\":\"hm\",\"reasoning\":null}",
                    "{\"reasoning_content\":null,\"reasoning\":\"hm\",\"reasoning_details\":[{}]}",
                })
        @Tag("R48")
        void mayTellThinkingUnderEitherName(String delta) {
            Answer answer = answer(ROLE, delta(delta), text("ok"), STOP, DONE);
            assertThat(text(answer, BlockKind.THINKING)).isEqualTo("hm");
            assertThat(answer.text()).isEqualTo("ok");
        }

        @Test
        @Tag("R49")
        void keepThinkingApartFromText() {
            Answer answer =
                    answer(delta("{\"content\":\"b\",\"reasoning_content\":\"a\"}"), STOP, DONE);
            assertThat(answer.blocks())
                    .extracting(block -> block.kind())
                    .containsExactly(BlockKind.THINKING, BlockKind.TEXT);
        }
    }

    @Nested
    class UsageReports {
        @Test
        @Tag("R29")
        void mayStandOnEveryChunkAndTheLastHolds() {
            String early =
                    text("a")
                            .replace(
                                    "\"id\"",
                                    "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1},\"id\"");
            String late = text("b").replace("\"id\"", USAGE + ",\"id\"");
            Answer answer = answer(early, late, STOP, DONE);
            assertThat(answer.usage().output()).isEqualTo(5);
            assertThat(answer.text()).isEqualTo("ab");
        }

        @Test
        @Tag("R29")
        void areNotErasedByANullOrAZero() {
            String zero =
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}";
            String none = "{\"choices\":[],\"usage\":null}";
            Answer answer =
                    answer(text("a"), STOP, "{\"choices\":[]," + USAGE + "}", zero, none, DONE);
            assertThat(answer.usage().input()).isEqualTo(10);
            assertThat(answer.usage().output()).isEqualTo(5);
        }

        @Test
        void mayRideOnTheFinishChunk() {
            String finish = STOP.replace("\"id\"", USAGE + ",\"id\"");
            assertThat(answer(text("a"), finish, DONE).usage().output()).isEqualTo(5);
        }

        @Test
        void mayStandUnderANameOfTheVendor() {
            String groq = STOP.replace("\"id\"", "\"x_groq\":{\"id\":\"r\"," + USAGE + "},\"id\"");
            assertThat(answer(text("a"), groq, DONE).usage().output()).isEqualTo(5);
        }

        @Test
        void mayBeAbsent() {
            assertThat(answer(text("a"), STOP, DONE).usage().isNone()).isTrue();
        }
    }

    @Nested
    class FinishReasons {
        @ParameterizedTest
        @CsvSource({
            "stop, END_TURN",
            "length, MAX_TOKENS",
            "content_filter, REFUSAL",
            "model_length, CONTEXT_WINDOW",
            "tool_calls, END_TURN",
            "function_call, END_TURN",
            "whatever, OTHER",
        })
        @Tag("R39")
        void ofAMessageOfText(String told, StopReason reason) {
            assertThat(answer(text("a"), finish(told), DONE).stopReason()).isEqualTo(reason);
        }

        @ParameterizedTest
        @CsvSource({
            "stop, TOOL_USE",
            "tool_calls, TOOL_USE",
            "function_call, TOOL_USE",
            "whatever, TOOL_USE",
            "length, MAX_TOKENS",
            "content_filter, REFUSAL",
        })
        @Tag("R39")
        void ofAMessageWithACall(String told, StopReason reason) {
            Answer answer = answer(calls(call("0", "c", "f", "{\\\"a\\\":")), finish(told), DONE);
            assertThat(answer.stopReason()).isEqualTo(reason);
        }

        @Test
        void ofARefusalSayThatItWasOne() {
            Answer answer = answer(delta("{\"refusal\":\"no\"}"), STOP, DONE);
            assertThat(answer.stopReason()).isEqualTo(StopReason.REFUSAL);
        }

        @Test
        void mayStandTogetherWithContent() {
            String both =
                    choice(
                            "{\"index\":0,\"finish_reason\":\"length\",\"delta\":{\"content\":\"b\"}}");
            Answer answer = answer(text("a"), both, DONE);
            assertThat(answer.text()).isEqualTo("ab");
            assertThat(answer.stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        }

        @Test
        void mayBeRepeated() {
            List<Event> events = events(text("a"), STOP, STOP, DONE);
            assertThat(events).filteredOn(Event.MessageDelta.class::isInstance).hasSize(1);
        }

        @Test
        @Tag("R39")
        void areNotTakenBackByAPlainEnd() {
            assertThat(answer(text("a"), finish("length"), STOP, DONE).stopReason())
                    .isEqualTo(StopReason.MAX_TOKENS);
        }

        @ParameterizedTest
        @CsvSource({"error, UPSTREAM_ERROR", "insufficient_system_resource, OVERLOADED"})
        void mayTellAFailure(String told, FailureCode code) {
            assertThat(failure(text("a"), finish(told), DONE).code()).isEqualTo(code);
        }

        @ParameterizedTest
        @CsvSource({"stop_reason", "matched_stop"})
        @Tag("R57")
        void mayTellTheStopSequence(String member) {
            String finish =
                    choice(
                            "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\""
                                    + member
                                    + "\":\"END\"}");
            Answer answer = answer(text("a"), finish, DONE);
            assertThat(answer.stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
            assertThat(answer.stopSequence()).isEqualTo("END");
        }

        @ParameterizedTest
        @ValueSource(strings = {"128001", "null", "\"stop\"", "\"end_turn\""})
        void areNotMistakenForStopSequences(String value) {
            String finish =
                    choice(
                            "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"stop_reason\":"
                                    + value
                                    + "}");
            Answer answer = answer(text("a"), finish, DONE);
            assertThat(answer.stopReason()).isEqualTo(StopReason.END_TURN);
            assertThat(answer.stopSequence()).isNull();
        }
    }

    @Nested
    class Calls {
        @Test
        void withoutIndexBeginWithANewId() {
            Answer answer =
                    answer(
                            calls(call("", "a", "f", "{\\\"x\\\":")),
                            calls(call("", "", "", "1}")),
                            calls(call("", "b", "g", "{}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":1})", "g({})");
            assertThat(ids(answer)).containsExactly("a", "b");
        }

        @Test
        void withoutIndexGoOnWithAKnownId() {
            Answer answer =
                    answer(
                            calls(call("", "a", "f", "{\\\"x\\\":")),
                            calls(call("", "b", "g", "{\\\"y\\\":")),
                            calls(call("", "a", "", "1}")),
                            calls(call("", "b", "", "2}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":1})", "g({\"y\":2})");
        }

        @Test
        @Tag("R34")
        void underOneIndexAreToldApartByTheirIds() {
            Answer answer =
                    answer(
                            calls(call("0", "a", "f", "{}") + "," + call("0", "b", "f", "{}")),
                            STOP,
                            DONE);
            assertThat(ids(answer)).containsExactly("a", "b");
        }

        @Test
        void underOneIndexWithoutIdsAreToldApartByTheirNames() {
            Answer answer =
                    answer(
                            calls(call("0", "", "f", "{}")),
                            calls(call("0", "", "g", "{}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({})", "g({})");
        }

        @Test
        void underOneIndexAreToldApartByTheirNamesBeforeTheirArgumentsAreWhole() {
            Answer answer =
                    answer(
                            calls(call("0", "a", "f", "{\\\"x\\\":")),
                            calls(call("0", "", "g", "{}")),
                            finish("length"),
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":)", "g({})");
        }

        @Test
        void withoutIdsOrIndexAreToldApartByWholeArguments() {
            Answer answer =
                    answer(
                            calls(call("", "", "f", "{\\\"x\\\":")),
                            calls(call("", "", "f", "1}")),
                            calls(call("", "", "f", "{\\\"x\\\":2}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":1})", "f({\"x\":2})");
        }

        @Test
        void mayRepeatNameAndIdInEveryFragment() {
            Answer answer =
                    answer(
                            calls(call("0", "a", "f", "{\\\"x\\\"")),
                            calls(call("0", "a", "f", ":1")),
                            calls(call("0", "a", "f", "}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":1})");
        }

        @Test
        void mayGiveAnotherIdInLaterFragmentsWithoutAName() {
            Answer answer =
                    answer(
                            calls(call("0", "a", "f", "{\\\"x\\\"")),
                            calls(call("0", "other", "", ":1}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":1})");
            assertThat(ids(answer)).containsExactly("a");
        }

        @Test
        @Tag("R34")
        @Tag("R35")
        void mayBeInterleaved() {
            Answer answer =
                    answer(
                            calls(call("0", "a", "f", "")),
                            calls(call("1", "b", "g", "")),
                            calls(call("1", "", "", "{\\\"y\\\":")),
                            calls(call("0", "", "", "{\\\"x\\\":")),
                            calls(call("1", "", "", "2}")),
                            calls(call("0", "", "", "1}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":1})", "g({\"y\":2})");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\"id\":null,", "\"id\":\"\",", "\"id\":7,"})
        void withoutAnIdGetOne(String id) {
            String fragment =
                    calls(
                            "{\"index\":0,"
                                    + id
                                    + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
            String first = ids(answer(ROLE, fragment, STOP, DONE)).getFirst();
            assertThat(first).startsWith("call_").hasSizeGreaterThan(20);
            assertThat(ids(answer(ROLE, fragment, STOP, DONE)))
                    .as("the same stream gives the same id")
                    .containsExactly(first);
            String[] another = {ROLE, fragment, STOP, DONE};
            for (int i = 0; i < another.length; i++) {
                another[i] = another[i].replace("\"c1\"", "\"c2\"");
            }
            assertThat(ids(answer(another))).as("another message").doesNotContain(first);
        }

        @Test
        void withoutAnIdInAStreamWithoutNameAreStillDistinct() {
            String fragment =
                    "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":["
                            + "{\"function\":{\"name\":\"f\",\"arguments\":{}}}]}}]}";
            assertThat(ids(answer(fragment, STOP, DONE)))
                    .isNotEqualTo(ids(answer(fragment, STOP, DONE)));
        }

        @Test
        void mayHaveArgumentsAsAnObject() {
            Answer answer =
                    answer(
                            calls(
                                    "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\","
                                            + "\"arguments\":{\"x\": 1.50, \"y\":\"\\u00fc\"}}}"),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\": 1.50, \"y\":\"\\u00fc\"})");
        }

        @Test
        void mayHaveNullArguments() {
            Answer answer =
                    answer(
                            calls(
                                    "{\"index\":0,\"id\":\"a\",\"type\":null,\"function\":"
                                            + "{\"name\":\"f\",\"arguments\":null}}"),
                            calls(call("0", "", "", "{}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({})");
        }

        @Test
        void mayForgetTheObjectAroundName() {
            Answer answer =
                    answer(
                            calls("{\"index\":0,\"id\":\"a\",\"name\":\"f\",\"arguments\":\"{}\"}"),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({})");
        }

        @Test
        void mayTellTheirNameLate() {
            Answer answer =
                    answer(
                            calls(call("0", "a", "", "{\\\"x\\\"")),
                            calls(call("0", "", "f", ":1}")),
                            STOP,
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":1})");
            assertThat(ids(answer)).containsExactly("a");
        }

        @Test
        void withoutANameAreAFailure() {
            assertThat(failure(calls(call("0", "a", "", "{}")), STOP, DONE).code())
                    .isEqualTo(FailureCode.UPSTREAM_BROKEN);
        }

        @Test
        void thatDidNotBeginCannotGoOn() {
            assertThat(failure(ROLE, calls(call("", "", "", "{}")), STOP, DONE).code())
                    .isEqualTo(FailureCode.UPSTREAM_BROKEN);
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "{}", "{\"index\":0}", "{\"function\":null}", "7"})
        void thatAreEmptyAreNothing(String entry) {
            Answer answer = answer(text("a"), calls(entry), STOP, DONE);
            assertThat(answer.stopReason()).isEqualTo(StopReason.END_TURN);
        }

        @Test
        void mayBeMadeInTheDeprecatedForm() {
            Answer answer =
                    answer(
                            delta("{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}"),
                            delta("{\"function_call\":{\"arguments\":\"{\\\"x\\\"\"}}"),
                            delta("{\"function_call\":{\"arguments\":\":1}\"}}"),
                            finish("function_call"),
                            DONE);
            assertThat(calls(answer)).containsExactly("f({\"x\":1})");
            assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_USE);
        }

        @Test
        void mayTakeFreeText() {
            Answer answer =
                    answer(
                            calls(
                                    "{\"index\":0,\"id\":\"a\",\"type\":\"custom\",\"custom\":"
                                            + "{\"name\":\"sql\",\"input\":\"\"}}"),
                            calls("{\"index\":0,\"custom\":{\"input\":\"select \"}}"),
                            calls("{\"index\":0,\"custom\":{\"input\":\"1\"}}"),
                            calls(call("1", "b", "f", "{}")),
                            finish("tool_calls"),
                            DONE);
            assertThat(calls(answer)).containsExactly("sql(select 1)", "f({})");
            assertThat(answer.blocks().getFirst().custom()).isTrue();
            assertThat(answer.blocks().getLast().custom()).isFalse();
        }
    }

    @Nested
    class Errors {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"code\":\"internal_error\"}}",
                    "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"code\":500}}",
                    "{\"error\":{\"message\":\"boom\",\"type\":\"x\",\"code\":null}}",
                    "{\"error\":\"boom\"}",
                    "{\"object\":\"error\",\"message\":\"boom\",\"type\":\"x\",\"code\":500}",
                    "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}],"
                        + "\"error\":{\"code\":502,\"message\":\"boom\"}}",
                    "{\"id\":\"c1\",\"error\":{\"code\":502,\"message\":\"boom\"},"
                        + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}",
                })
        @Tag("R52")
        void areReadInEveryShape(String error) {
            List<Event> events = events(ROLE, text("a"), error, DONE);
            assertThat(Wire.failure(events).code()).isEqualTo(FailureCode.UPSTREAM_ERROR);
            assertThat(Wire.failure(events).message()).isNotBlank();
            assertThat(events).noneMatch(Event.MessageStop.class::isInstance);
        }

        @Test
        void keepTheUpstreamsWords() {
            assertThat(failure(text("a"), "{\"error\":\"boom\"}").message()).isEqualTo("boom");
        }

        @Test
        void mayBeNamedByTheFrame() {
            List<Event> events =
                    Wire.decode(
                            Chunks.DIALECT,
                            Wire.foreign(),
                            Chunks.stream(ROLE, text("a"))
                                    + "event: error\n"
                                    + "data: {\"message\":\"boom\",\"code\":503}\n\n");
            assertThat(Wire.failure(events).code()).isEqualTo(FailureCode.OVERLOADED);
        }

        @Test
        void thatAreNullAreNothing() {
            String chunk = text("a").replace("\"id\"", "\"error\":null,\"id\"");
            assertThat(answer(ROLE, chunk, chunk, STOP, DONE).text()).isEqualTo("aa");
        }

        @Test
        void beforeTheMessageFailIt() {
            List<Event> events = events("{\"error\":{\"message\":\"boom\",\"code\":429}}");
            assertThat(events).hasSize(1);
            assertThat(Wire.failure(events).code()).isEqualTo(FailureCode.RATE_LIMIT);
        }

        @Test
        void inSomethingThatIsNoJsonAreThrown() {
            assertThatThrownBy(() -> events(ROLE, "Internal Server Error"))
                    .isInstanceOf(MalformedJson.class);
        }
    }

    @Nested
    class Ends {
        @Test
        @Tag("R53")
        void withoutTheMarkerAreGoodAfterAFinishReason() {
            assertThat(answer(text("a"), STOP).text()).isEqualTo("a");
        }

        @Test
        @Tag("R53")
        void withTheMarkerAreGoodWithoutAFinishReason() {
            assertThat(answer(text("a"), DONE).stopReason()).isEqualTo(StopReason.END_TURN);
            Answer called = answer(calls(call("0", "a", "f", "{}")), DONE);
            assertThat(called.stopReason()).isEqualTo(StopReason.TOOL_USE);
        }

        @Test
        @Tag("R50")
        void withoutEitherAreFailures() {
            String ollama =
                    "{\"id\":\"x\",\"model\":\"\",\"choices\":[{\"index\":0,\"delta\":"
                            + "{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}";
            assertThat(failure(ROLE, text("a"), ollama).code())
                    .isEqualTo(FailureCode.UPSTREAM_BROKEN);
        }

        @Test
        @Tag("R50")
        void ofNothingAreFailures() {
            assertThat(failure().code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
            assertThat(failure(DONE).code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
        }

        @Test
        void areFollowedByNothing() {
            List<Event> events =
                    events(text("a"), STOP, DONE, text("b"), DONE, "{\"error\":\"x\"}");
            assertThat(events.getLast()).isEqualTo(Event.STOP);
            assertThat(Wire.answer(events).text()).isEqualTo("a");
        }

        @Test
        @Tag("R7")
        void areNotToldByCommentsOrEmptyData() {
            List<Event> events =
                    Wire.decode(
                            Chunks.DIALECT,
                            Wire.foreign(),
                            ": keepalive 1/9\n\ndata:\n\ndata: \n\nretry: 5\n\n"
                                    + Chunks.stream(ROLE, text("a"))
                                    + ":\n\n"
                                    + Chunks.stream(STOP, DONE));
            assertThat(Wire.answer(events).text()).isEqualTo("a");
            assertThat(events).contains(Event.PING);
        }

        @Test
        void mayComeAsOneDocument() {
            String body =
                    "{\"choices\":[{\"message\":{\"content\":\"a\",\"reasoning\":\"hm\",\"tool_calls\":"
                        + "[{\"id\":\"x\",\"function\":{\"name\":\"f\",\"arguments\":{}}}]},"
                        + "\"finish_reason\":\"stop\"}],\"id\":\"c\",\"model\":\"m\","
                            + USAGE
                            + "}";
            Answer answer =
                    Wire.answer(
                            Wire.decodeAnswer(Chunks.DIALECT, Wire.foreign(), Chunks.utf8(body)));
            assertThat(answer.text()).isEqualTo("a");
            assertThat(text(answer, BlockKind.THINKING)).isEqualTo("hm");
            assertThat(calls(answer)).containsExactly("f({})");
            assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_USE);
            assertThat(answer.usage().output()).isEqualTo(5);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"choices\":[]}",
                    "{\"error\":{\"message\":\"boom\"}}",
                    "{\"error\":\"boom\"}",
                    "{}",
                })
        void ofADocumentWithoutAMessageAreFailures(String body) {
            List<Event> events =
                    Wire.decodeAnswer(Chunks.DIALECT, Wire.foreign(), Chunks.utf8(body));
            assertThat(events).hasSize(1);
            assertThat(Wire.failure(events).code().fault().name()).isEqualTo("UPSTREAM");
        }
    }
}
