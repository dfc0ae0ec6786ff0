package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class MainTest {
    @Test
    void helpsWhoeverTypesNothing() {
        assertThat(Typed.run().out())
                .contains(
                        "sluice serve [options]",
                        "sluice chat [prompt]",
                        "sluice bench [MODEL…]",
                        "sluice check FILE",
                        "--upstream [NAME=]URL")
                .isEqualTo(Typed.run("--help").out())
                .isEqualTo(Typed.run("-h").out());
        assertThat(Typed.run().code()).isZero();
    }

    @Test
    void helpsWithEachCommand() {
        assertThat(Typed.run("serve", "--help").out()).startsWith("sluice serve [options]\n");
        assertThat(Typed.run("serve", "-h").code()).isZero();
        assertThat(Typed.run("check", "--help").out()).isEqualTo("sluice check FILE\n");
    }

    @Test
    void saysTheVersionOfThePom() throws IOException {
        String pom =
                Files.readString(Path.of(System.getProperty("basedir", "cli"), "..", "pom.xml"));

        assertThat(Typed.run("--version"))
                .isEqualTo(new Typed(0, "sluice " + Main.VERSION + "\n", ""));
        assertThat(pom).contains("<version>" + Main.VERSION + "</version>");
    }

    @Test
    void namesTheNearestWord() {
        assertThat(Typed.run("srve"))
                .isEqualTo(
                        new Typed(
                                2, "", "sluice: there is no command srve; did you mean serve?\n"));
        assertThat(Typed.run("serve", "--upstraem", "x").err())
                .isEqualTo("sluice: there is no option --upstraem; did you mean --upstream?\n");
        assertThat(Typed.run("serve", "--access-log", "jsno").err())
                .isEqualTo("sluice: there is no form of the access log jsno; did you mean json?\n");
        assertThat(Typed.run("zzzzzzzzzzzzzz").err())
                .endsWith("there are serve, chat, bench, check, key, --version, --help\n");
    }

    @Test
    void saysWhatAnOptionWants() {
        assertThat(Typed.run("serve", "--port").err())
                .isEqualTo("sluice: --port needs a value: --port PORT\n");
        assertThat(Typed.run("serve", "--host", "--port", "1").err())
                .isEqualTo("sluice: --host needs a value: --host HOST\n");
        assertThat(Typed.run("serve", "--strict=yes").err())
                .isEqualTo("sluice: --strict takes no value\n");
        assertThat(Typed.run("serve", "--port", "eighty").err())
                .isEqualTo("sluice: --port: eighty is no number (expected: 0 to 65535)\n");
        assertThat(Typed.run("serve", "--port", "70000").err()).contains("from 0 to 65535");
        assertThat(Typed.run("serve", "--host", "a b").err()).startsWith("sluice: --host: ");
        assertThat(Typed.run("serve", "now").err())
                .isEqualTo("sluice: serve takes options only, and now is none\n");
        assertThat(Typed.run("serve", "--upstream", "localhost:11434").err())
                .contains("--upstream: ", "did you mean `http://localhost:11434`?");
    }

    @Test
    @Tag("S2")
    void doesNotListenBeyondThisMachineWithoutAKey() {
        Typed refused = Typed.run("serve", "--host", "0.0.0.0", "--port", "0");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .contains("there is no client key to tell who may come")
                .contains("set SLUICE_API_KEY, or add `keys:` to the configuration")
                .contains("--host 127.0.0.1");
    }

    @Test
    void saysThatAPortIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Typed refused = Typed.run("serve", "--port", "" + other.getLocalPort());

            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .isEqualTo(
                            "sluice: port %d of 127.0.0.1 is taken by another program (lsof -i :%d says which); stop it, or take another with --port\n"
                                    .formatted(other.getLocalPort(), other.getLocalPort()));
        }
    }

    @Test
    void saysThatAHostIsNotOfThisMachine() {
        Map<String, String> env = Map.of("SLUICE_API_KEY", "k");

        assertThat(Typed.run(env, "serve", "--host", "192.0.2.1", "--port", "0"))
                .isEqualTo(
                        new Typed(
                                1,
                                "",
                                "sluice: 192.0.2.1 is no address of this machine; --host 127.0.0.1"
                                        + " is\n"));
    }

    @Test
    void refusesToAskItself() {
        Map<String, String> env =
                Map.of("ANTHROPIC_API_KEY", "k", "ANTHROPIC_BASE_URL", "http://localhost:8080");

        assertThat(Typed.run(env, "serve").err())
                .startsWith(
                        "sluice: provider `anthropic` at http://localhost:8080 is this gateway"
                                + " itself; unset OPENAI_BASE_URL or ANTHROPIC_BASE_URL");
        assertThat(Typed.run("serve", "--port", "9", "--upstream", "http://127.0.0.1:9/v1").err())
                .contains("provider `local` at http://127.0.0.1:9/v1 is this gateway itself");
    }

    @Test
    void checksAFile(@TempDir Path folder) throws IOException {
        Path good = Files.writeString(folder.resolve("good.yaml"), "listen: {port: 9000}\n");
        Path bad =
                Files.writeString(
                        folder.resolve("bad.yaml"), "listen: {prot: 9000}\nstrict: maybe\n");
        Path odd =
                Files.writeString(
                        folder.resolve("odd.yaml"),
                        "providers: {a: {url: 'http://127.0.0.1:1', quirks: {media: perhaps}}}\n");

        assertThat(Typed.run("check", good.toString()).code()).isZero();
        assertThat(Typed.run("check", good.toString()).out()).startsWith(good + " is good\n");
        assertThat(Typed.run("check", bad.toString()).code()).isEqualTo(2);
        assertThat(Typed.run("check", bad.toString()).err())
                .contains(bad + ":1:10: ", "did you mean `port`?", bad + ":2:9: ", "2 problems");
        assertThat(Typed.run("check", odd.toString()))
                .isEqualTo(
                        new Typed(
                                2,
                                "",
                                odd
                                        + ": providers.a.quirks.media: is neither true nor false"
                                        + " (expected: true or false)\n"));
        assertThat(Typed.run("check").err())
                .isEqualTo("sluice: check needs one file: sluice check FILE\n");
        assertThat(Typed.run("check", folder.resolve("none.yaml").toString()).err())
                .contains("no such file");
    }

    @Test
    void refusesABadFileAtTheStart(@TempDir Path folder) throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "listen: {prot: 9000}\n");
        Typed refused = Typed.run("serve", "--config", bad.toString());

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).startsWith("sluice: " + bad + ":1:10: ");
    }

    @Test
    @Tag("S5")
    void repeatsNoKeyInAnError() {
        Map<String, String> env =
                Map.of("OPENAI_API_KEY", "canary key\nwith a line", "SLUICE_API_KEY", "canary too");
        Typed refused = Typed.run(env, "serve", "--port", "0");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out() + refused.err()).doesNotContain("canary");
    }
}
