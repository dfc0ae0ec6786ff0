package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.cli.terminal.Vt;
import dev.sluice.testkit.Eventually;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** {@code sluice chat} as a program on a pseudo-terminal, before a real gateway. */
class ChatTerminalIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static Served served;

    @TempDir private Path folder;

    @BeforeAll
    static void serve() {
        assumeTrue(
                TerminalProgram.isPossible(),
                "there is no /usr/bin/script of util-linux to make a pseudo-terminal");
        served = QuietGateway.start();
    }

    @AfterAll
    static void stop() {
        if (served != null) {
            served.close();
        }
    }

    private static TerminalProgram chat(int columns, int rows, String model) throws IOException {
        return new TerminalProgram(
                columns,
                rows,
                "",
                "chat",
                "--url",
                "http://127.0.0.1:" + served.port(),
                "--model",
                model);
    }

    private static final String ENTER = "\r";
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String LEFT = "\u001bOD";
    private static final String UP = "\u001bOA";

    @Test
    void talks() throws IOException, InterruptedException {
        Path file = folder.resolve("talk.json");
        try (TerminalProgram chat = chat(80, 24, "simulated/echo-i0-t0")) {
            chat.shows("Sluice chat with simulated/echo-i0-t0: Sluice at http://127.0.0.1:");
            chat.prompts().type("Say **this**" + ENTER).shows(" · TTFT ").prompts();
            assertThat(chat.styled()).contains("\nSay 1{this}\n");

            chat.type("/save " + file + ENTER).shows("saved in ").prompts();
            chat.type("/clear" + ENTER).shows("forgotten").prompts();
            chat.type("/retry" + ENTER).shows("nothing was asked yet").prompts();
            chat.type("/load " + file + ENTER).shows("going on after 1 question").prompts();
            chat.type("/retry" + ENTER).prompts();
            chat.type("/system Be kind." + ENTER).shows("instruction: Be kind.").prompts();
            chat.type("/modle x" + ENTER).shows("did you mean /model?").prompts();
            chat.type("/model simulated/count-n3-i0-t0" + ENTER).prompts();
            chat.type("Count" + ENTER).shows("1 2 3").prompts();
            chat.type("/help" + ENTER).shows("Ctrl-C stops an answer").prompts();
            chat.type("/quit" + ENTER);
            assertThat(chat.ends()).isZero();
        }
        assertThat(Files.readString(file))
                .isEqualTo(
                        "{\"model\":\"simulated/echo-i0-t0\",\"messages\":["
                                + "{\"role\":\"user\",\"content\":\"Say **this**\"},"
                                + "{\"role\":\"assistant\",\"content\":\"Say **this**\"}]}\n");
    }

    @Test
    void ctrlCStopsTheAnswerAndNotTheProgram() throws IOException, InterruptedException {
        try (TerminalProgram chat = chat(40, 20, "simulated/count-n100000-i5-t0")) {
            chat.prompts().type("Count" + ENTER).shows("30 31 ");
            chat.type(CTRL_C).shows("stopped").prompts();
            Eventually.within(LIMIT, "nothing runs on", () -> served.running() == 0);

            chat.type("half a line" + CTRL_C).prompts();
            chat.type(CTRL_C).shows("Ctrl-C once more leaves").prompts();
            chat.type(CTRL_C);
            assertThat(chat.ends()).isZero();
        }
    }

    @Test
    void showsANumbersRowWhileTheAnswerScrolls() throws IOException {
        try (TerminalProgram chat = chat(80, 12, "simulated/count-n100000-i2-t0")) {
            chat.prompts().type("Count" + ENTER).shows("999 ");
            Eventually.passes(
                    LIMIT,
                    () ->
                            assertThat(new Vt(80, 12).write(chat.said()).text())
                                    .matches(
                                            "(?s).*\n[0-9]+ tokens · TTFT .* · TPS .* · Ctrl-C"
                                                    + " stops"));
            chat.type(CTRL_C).shows("stopped").prompts();
            assertThat(new Vt(80, 12).write(chat.said()).text()).doesNotContain("Ctrl-C stops");
        }
    }

    @Test
    void aBarSaysHowMuchOfTheBudgetIsSpent() throws IOException {
        String url = "http://127.0.0.1:" + served.port();
        String[] args = {"chat", "--url", url, "--model=simulated/count-n30-i0-t0", "--budget=200"};
        try (TerminalProgram chat = new TerminalProgram(80, 24, "", args)) {
            chat.prompts().type("Count" + ENTER).prompts();
            chat.shows(" · budget ").shows("/200");
            chat.type("Count" + ENTER).prompts().type("Count" + ENTER).prompts();
            chat.type("Count" + ENTER).shows("the budget of 200 tokens is used up");
        }
    }

    @Test
    void editsLinesAndKnowsWhatWasTyped() throws IOException, InterruptedException {
        try (TerminalProgram chat = chat(80, 40, "simulated/echo-i0-t0")) {
            chat.prompts().type("fist" + LEFT + LEFT + "r" + ENTER);
            chat.shows("\nfirst\n").prompts().type("one \\" + ENTER + "two" + ENTER);
            chat.shows("\none\ntwo\n").prompts();
            chat.type("\u001b[200~a\nb **c**\u001b[201~" + ENTER).shows("\na\nb c\n").prompts();
            chat.type(UP).shows("› a\n").type(ENTER).prompts().type(CTRL_D);
            assertThat(chat.ends()).isZero();
        }
    }

    @Test
    void aQuestionOfTheCommandLineIsAnsweredAndThatIsAll()
            throws IOException, InterruptedException {
        String url = "http://127.0.0.1:" + served.port();
        try (TerminalProgram chat =
                new TerminalProgram(
                        80, 24, "", "chat", "--url", url, "--model=simulated/echo-i0-t0", "*Hi*")) {
            assertThat(chat.ends()).isZero();
            chat.shows("Hi\n").shows(" · TTFT ");
            assertThat(chat.styled()).contains("3{Hi}");
        }
        try (TerminalProgram chat =
                new TerminalProgram(
                        80, 24, "", "chat", "--url", url, "--model=simulated/count-n9999", "x")) {
            chat.shows(" 9 10 ").type(CTRL_C);
            assertThat(chat.ends()).isEqualTo(130);
        }
    }

    @Test
    void withoutColoursTheMarksStay() throws IOException, InterruptedException {
        String url = "http://127.0.0.1:" + served.port();
        try (TerminalProgram chat =
                new TerminalProgram(
                        80,
                        24,
                        "NO_COLOR=1",
                        "chat",
                        "--url",
                        url,
                        "--model=simulated/echo-i0-t0",
                        "**Hi** you")) {
            assertThat(chat.ends()).isZero();
            chat.shows("**Hi** you\n");
        }
    }

    @Test
    void keepsWhatWasTypedWhereItIsWanted() throws IOException, InterruptedException {
        Path history = folder.resolve("typed");
        String url = "http://127.0.0.1:" + served.port();
        String[] args = {"chat", "--url", url, "--model=simulated/echo-i0-t0"};
        try (TerminalProgram chat =
                new TerminalProgram(80, 24, "SLUICE_HISTORY=" + history, args)) {
            chat.prompts().type("Remember me" + ENTER).shows(" · TTFT ").prompts();
            chat.type(CTRL_D);
            assertThat(chat.ends()).isZero();
        }
        try (TerminalProgram chat =
                new TerminalProgram(80, 24, "SLUICE_HISTORY=" + history, args)) {
            chat.prompts().type(UP).shows("› Remember me").type(CTRL_C + CTRL_D);
            assertThat(chat.ends()).isZero();
        }
        assertThat(Files.getPosixFilePermissions(history)).hasSize(2);
    }
}
