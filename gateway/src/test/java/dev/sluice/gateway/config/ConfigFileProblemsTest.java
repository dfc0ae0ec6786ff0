package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Every kind of mistake, with the whole sentence that a person gets to read. */
final class ConfigFileProblemsTest {

    private static final String TOP =
            "listen, keys, providers, routes, models, llama-lib, timeouts, limits, responses,"
                    + " resume, cors, keepalive, shutdown, access-log, strict, simulated";

    @TempDir Path folder;

    @Test
    void namesTheUnknownKeyAndTheNearestOne() throws IOException {
        assertProblems(
                """
                providers:
                  local:
                    url: http://127.0.0.1:8081/v1
                    timeouts: {conect: 5s}
                """,
                "sluice.yaml:4:16: providers.local.timeouts.conect: unknown key; did you mean"
                        + " `connect`? (expected: connect, first-token, inter-token or total)");
        assertProblems(
                "access_log: json",
                "sluice.yaml:1:1: access_log: unknown key; did you mean `access-log`? (expected: "
                        + TOP
                        + " or workers)");
        assertProblems(
                "zebra: 1",
                "sluice.yaml:1:1: zebra: unknown key (expected: " + TOP + " or workers)");
    }

    @Test
    void saysWhereAKeyWouldBeAtHome() throws IOException {
        assertProblems(
                "port: 81",
                "sluice.yaml:1:1: port: unknown key; did you mean `listen.port`? (expected: "
                        + TOP
                        + " or workers)");
        assertProblems(
                "listen: {max-tokens: 1}",
                "sluice.yaml:1:10: listen.max-tokens: unknown key; did you mean"
                        + " `providers.NAME.max-tokens`? (expected: host, port or tls)");
    }

    @Test
    void saysWhatAnOriginIs() throws IOException {
        assertProblems(
                "cors: [https://chat.example.com/]",
                "sluice.yaml:1:8: cors[0]: `https://chat.example.com/` has a path, which an origin"
                        + " has not (expected: an origin like https://chat.example.com, or *)");
        assertProblems(
                "cors: [chat.example.com]",
                "sluice.yaml:1:8: cors[0]: `chat.example.com` has no scheme (expected: an origin"
                        + " like https://chat.example.com, or *)");
        assertProblems(
                "cors: https://chat.example.com",
                "sluice.yaml:1:7: cors: is a single value (expected: a list like"
                        + " [https://chat.example.com])");
    }

    @Test
    void takesAKeyOnce() throws IOException {
        assertProblems(
                "strict: true\nworkers: 1\nstrict: false",
                "sluice.yaml:3:1: strict: is here twice, first in line 1 (expected: once)");
        assertProblems(
                "providers:\n  a: {url: http://h}\n  a: {url: http://h}",
                "sluice.yaml:3:3: providers.a: is here twice, first in line 2 (expected: once)");
    }

    @Test
    void saysWhatItFoundInsteadOfWhatItExpected() throws IOException {
        assertProblems(
                "listen: 8080",
                "sluice.yaml:1:9: listen: is a single value (expected: a mapping with any of host,"
                        + " port and tls)");
        assertProblems(
                "listen: [8080]",
                "sluice.yaml:1:9: listen: is a list (expected: a mapping with any of host, port and"
                        + " tls)");
        assertProblems(
                "listen: {port: {a: b}}",
                "sluice.yaml:1:10: listen.port: is a mapping (expected: a whole number from 0 to"
                        + " 65535)");
        assertProblems(
                "listen: {port: }",
                "sluice.yaml:1:15: listen.port: has no value (expected: a whole number from 0 to"
                        + " 65535)");
        assertProblems(
                "providers: {a: {url: http://h, models: llama3}}",
                "sluice.yaml:1:40: providers.a.models: is a single value (expected: a list like"
                        + " [llama3, qwen3])");
        assertProblems(
                "keys: [a]",
                "sluice.yaml:1:7: keys: is a list (expected: a mapping of each name to a mapping"
                        + " with any of key and hash)");
        assertProblems(
                "- a",
                "sluice.yaml:1:1: is a list (expected: a mapping with any of "
                        + TOP
                        + " and workers)");
        assertProblems(
                "routes: {fast: local/llama3}",
                "sluice.yaml:1:16: routes.fast: is a single value (expected: a list like"
                        + " [openai/gpt-5-mini, local/llama3], or a mapping with any of to,"
                        + " timeouts, on-disconnect, drain-tokens and drain-time)");
    }

    @Test
    void judgesNumbers() throws IOException {
        assertProblems(
                "listen: {port: 80800}",
                "sluice.yaml:1:16: listen.port: `80800` is too large (expected: a whole number from"
                        + " 0 to 65535)");
        assertProblems(
                "listen: {port: -1}",
                "sluice.yaml:1:16: listen.port: `-1` is too small (expected: a whole number from 0"
                        + " to 65535)");
        assertProblems(
                "listen: {port: http}",
                "sluice.yaml:1:16: listen.port: `http` is not a whole number (expected: a whole"
                        + " number from 0 to 65535)");
        assertProblems(
                "workers: -99999999999",
                "sluice.yaml:1:10: workers: `-99999999999` is too small (expected: a whole number"
                        + " from 0 to 1024)");
    }

    @Test
    void judgesSizesAndDurations() throws IOException {
        assertProblems(
                "keepalive: 10",
                "sluice.yaml:1:12: keepalive: `10` has no unit; did you mean `10s`? (expected: a"
                        + " duration from 0s to 10m)");
        assertProblems(
                "keepalive: 10sec",
                "sluice.yaml:1:12: keepalive: `10sec` has an unknown unit; did you mean `10s`?"
                        + " (expected: a duration from 0s to 10m)");
        assertProblems(
                "keepalive: soon",
                "sluice.yaml:1:12: keepalive: `soon` is not a duration (expected: a duration from"
                        + " 0s to 10m)");
        assertProblems(
                "limits: {body: 32mib}",
                "sluice.yaml:1:16: limits.body: `32mib` has an unknown unit; did you mean `32MiB`?"
                        + " (expected: a size from 1KiB to 1GiB)");
        assertProblems(
                "limits: {body: 2GiB, event: 1, header: 99999999999999999999GiB}",
                "sluice.yaml:1:16: limits.body: `2GiB` is too large (expected: a size from 1KiB to"
                        + " 1GiB)",
                "sluice.yaml:1:29: limits.event: `1` is too small (expected: a size from 1KiB to"
                        + " 1GiB)",
                "sluice.yaml:1:40: limits.header: `99999999999999999999GiB` is too large (expected:"
                        + " a size from 1KiB to 1MiB)");
    }

    @Test
    void namesTheNearestWord() throws IOException {
        assertProblems(
                "providers: {a: {url: http://h, dialect: open-chat, server: lama.cpp, protocol:"
                        + " http1.1}}",
                "sluice.yaml:1:41: providers.a.dialect: `open-chat` is unknown; did you mean"
                        + " `openai-chat`? (expected: openai-chat, openai-responses, anthropic,"
                        + " ollama, gemini or bedrock)",
                "sluice.yaml:1:60: providers.a.server: `lama.cpp` is unknown; did you mean"
                    + " `llama.cpp`? (expected: openai, mlx-lm, ollama, llama.cpp, vllm, lm-studio,"
                    + " anthropic, google, bedrock, sluice or compatible)",
                "sluice.yaml:1:80: providers.a.protocol: `http1.1` is unknown; did you mean"
                        + " `http/1.1`? (expected: auto, http/1.1, h2 or h2c)");
        assertProblems(
                "strict: yes",
                "sluice.yaml:1:9: strict: `yes` is unknown (expected: true or false)");
        assertProblems(
                "providers: {a: {url: http://h, quirks: {develper-role: false}}}",
                "sluice.yaml:1:41: providers.a.quirks.develper-role: `develper-role` is an unknown"
                        + " quirk; did you mean `developer-role`? (expected: developer-role)");
    }

    @Test
    void missesWhatMustBeThere() throws IOException {
        assertProblems(
                """
                providers:
                  a: {dialect: anthropic}
                  b:
                routes:
                  fast: {timeouts: {total: 1s}}
                  slow: []
                  none:\
                """,
                "sluice.yaml:2:3: providers.a: has no `url` (expected: a URL like"
                        + " http://127.0.0.1:8081/v1)",
                "sluice.yaml:3:5: providers.b: has no `url` (expected: a URL like"
                        + " http://127.0.0.1:8081/v1)",
                "sluice.yaml:5:3: routes.fast: has no `to` (expected: a list like"
                        + " [openai/gpt-5-mini, local/llama3])",
                "sluice.yaml:6:9: routes.slow: is empty (expected: a list like [openai/gpt-5-mini,"
                        + " local/llama3])",
                "sluice.yaml:7:8: routes.none: has no value (expected: a list like"
                        + " [openai/gpt-5-mini, local/llama3], or a mapping with any of to,"
                        + " timeouts, on-disconnect, drain-tokens and drain-time)");
        assertProblems(
                "listen: {tls: {certificate: cert.pem}}",
                "sluice.yaml:1:10: listen.tls: has no `key` (expected: the path of a file, relative"
                        + " to the configuration)",
                "sluice.yaml:1:29: listen.tls.certificate: `cert.pem` is not a file that can be"
                        + " read (expected: the path of a file, relative to the configuration)");
    }

    @Test
    void followsRoutesToTheirProviders() throws IOException {
        assertProblems(
                """
                providers:
                  openai: {url: https://api.openai.com/v1, models: [gpt-5, gpt-5-mini]}
                routes:
                  a: [opnai/gpt-5]
                  b: {to: [openai/gpt-5, openai/gpt5-mini]}
                  c: [gpt-5]
                  d: [anthropic/claude-sonnet-4-5]
                  e: [simulated/n200, zebra/x]
                """,
                "sluice.yaml:4:7: routes.a[0]: no provider `opnai`; did you mean `openai`?"
                        + " (expected: openai or simulated)",
                "sluice.yaml:5:26: routes.b.to[1]: `openai` lists no model `gpt5-mini`; did you"
                        + " mean `gpt-5-mini`? (expected: gpt-5 or gpt-5-mini)",
                "sluice.yaml:6:7: routes.c[0]: `gpt-5` is not a model of a provider (expected:"
                        + " provider/model, like openai/gpt-5-mini)",
                "sluice.yaml:7:7: routes.d[0]: no provider `anthropic` (expected: one under"
                        + " `providers:`, or ANTHROPIC_API_KEY in the environment)",
                "sluice.yaml:8:23: routes.e[1]: no provider `zebra` (expected: openai or"
                        + " simulated)");
        assertProblems(
                "simulated: false\nroutes: {a: [simulated/n200]}",
                "sluice.yaml:2:14: routes.a[0]: the simulated model is switched off (expected:"
                        + " `simulated: true`)");
    }

    @Test
    void aProviderOfTheEnvironmentIsOne() throws IOException {
        Written file = Written.in(folder, "routes: {a: [openai/gpt-5]}");
        assertThat(file.with(Map.of("OPENAI_API_KEY", "key")).problems()).isEmpty();
        assertThat(file.with(Map.of("OPENAI_API_KEY", "")).problems()).hasSize(1);
    }

    @Test
    void aProviderWithAMistakeIsStillThere() throws IOException {
        assertProblems(
                "providers: {a: {url: nowhere at all}}\nroutes: {x: [a/m]}",
                "sluice.yaml:1:22: providers.a.url: `nowhere at all` does not start with http:// or"
                        + " https:// (expected: a URL like http://127.0.0.1:8081/v1)");
    }

    @Test
    void judgesNames() throws IOException {
        assertProblems(
                """
                keys: {a b: {key: x}}
                providers: {simulated: {url: http://h}}
                routes: {'${X}': [simulated/x]}
                """,
                "sluice.yaml:1:8: keys.a b: `a b` is not a name (expected: up to 64 letters,"
                        + " digits, and any of . _ @ -)",
                "sluice.yaml:2:13: providers.simulated: `simulated` is the name of the built-in"
                        + " model (expected: another name)",
                "sluice.yaml:3:10: routes.${X}: `${X}` is not a name (expected: up to 256 letters,"
                        + " digits, and any of . _ : / @ + -)");
    }

    @Test
    void judgesHosts() throws IOException {
        assertProblems(
                "listen: {host: '0.0.0.0:8080'}",
                "sluice.yaml:1:16: listen.host: `0.0.0.0:8080` holds a port, which belongs to"
                        + " `port` (expected: an address or a name alone, like 127.0.0.1, ::1 or"
                        + " 0.0.0.0)");
        assertProblems(
                "listen: {host: http://h}",
                "sluice.yaml:1:16: listen.host: `http://h` is not a host (expected: an address or a"
                        + " name alone, like 127.0.0.1, ::1 or 0.0.0.0)");
    }

    @Test
    void judgesClientKeys() throws IOException {
        assertProblems(
                "keys: {a: {}, b: {key: x, hash: 'sha256:%s'}, c: {hash: abc}, d: {key: 'x y'}, e: {key: ''}}"
                        .formatted("0".repeat(64)),
                "sluice.yaml:1:8: keys.a: has no `key` and no `hash` (expected: one of the two)",
                "sluice.yaml:1:33: keys.b.hash: stands beside `key` (expected: one of the two)",
                "sluice.yaml:1:119: keys.c.hash: is not the hash of a key (expected: sha256: and"
                        + " the 64 hexadecimal digits of the key's SHA-256)",
                "sluice.yaml:1:134: keys.d.key: cannot be sent in a header (expected: visible ASCII"
                        + " characters without spaces)",
                "sluice.yaml:1:151: keys.e.key: is empty (expected: visible ASCII characters"
                        + " without spaces)");
        assertProblems(
                "keys: {a: {key: same}, b: {key: same}}",
                "sluice.yaml:1:24: keys.b: is the same key as that of `a` (expected: a key of its"
                        + " own)");
    }

    @Test
    void judgesWhatContradictsItself() throws IOException {
        assertProblems(
                "providers: {a: {url: http://h, protocol: h2}, b: {url: https://h, protocol: h2c}}",
                "sluice.yaml:1:42: providers.a.protocol: `h2` needs TLS, and the url is http"
                        + " (expected: h2c)",
                "sluice.yaml:1:77: providers.b.protocol: `h2c` is without TLS, and the url is https"
                        + " (expected: h2)");
        Files.writeString(folder.resolve("ca.pem"), "authority");
        assertProblems(
                "providers: {a: {url: https://h, tls: {verify: false, ca: ca.pem}}}",
                "sluice.yaml:1:58: providers.a.tls.ca: is never asked with `verify: false`"
                        + " (expected: one of the two)");
    }

    @Test
    void namesVariablesThatAreNotThere() throws IOException {
        Written file =
                Written.in(
                                folder,
                                """
                                providers:
                                  a: {url: http://h, key: ${OPENAI_KEY}}
                                  b: {url: http://h, key: ${1X}}
                                  c: {url: http://h, key: "${X"}
                                  d: {url: http://h, key: "${A:-${B}}"}
                                  e: {url: http://h, key: "${EMPTY}"}
                                """)
                        .with(Map.of("OPENAI_API_KEY", "secret", "EMPTY", ""));
        String form = " (expected: ${NAME} or ${NAME:-default}, and $${ for a plain ${)";
        assertThat(file.problems())
                .containsExactly(
                        "sluice.yaml:2:27: providers.a.key: no variable `OPENAI_KEY` in the"
                            + " environment; did you mean `OPENAI_API_KEY`? (expected: it set, or a"
                            + " default: ${OPENAI_KEY:-…})",
                        "sluice.yaml:3:27: providers.b.key: has something other than a variable in"
                                + " `${…}`"
                                + form,
                        "sluice.yaml:4:27: providers.c.key: has a `${` without its `}`" + form,
                        "sluice.yaml:5:27: providers.d.key: has something other than a variable in"
                                + " `${…}`"
                                + form,
                        "sluice.yaml:6:27: providers.e.key: is empty (expected: visible ASCII"
                                + " characters without spaces)");
    }

    @Test
    void explainsYaml() throws IOException {
        assertProblems(
                "listen:\n\tport: 80",
                "sluice.yaml:2:1: this is indented with a tab (expected: spaces)");
        assertProblems(
                "strict: true\n  workers: 1",
                "sluice.yaml:2:10: this has a `:` too many, or is indented too far (expected: one"
                        + " `key: value` per line, and values that hold `: ` in quotes)");
        assertProblems(
                "listen:\n  port: 1\n host: x",
                "sluice.yaml:3:2: this does not line up with what is above it (expected: the keys"
                        + " of one mapping below each other)");
        assertProblems(
                "listen: {port: 80",
                "sluice.yaml:1:18: this is in a bracket that is never closed, or a comma is missing"
                        + " before it (expected: `,` between values, and `]` or `}` at the end)");
        assertProblems(
                "strict: 'true",
                "sluice.yaml:1:9: this quote is never closed (expected: the same quote at the end"
                        + " of the text)");
        assertProblems(
                "strict: \"\\q\"",
                "sluice.yaml:1:11: this backslash means nothing in double quotes"
                        + " (expected: single quotes around text with backslashes)");
        assertProblems(
                "strict: @true",
                "sluice.yaml:1:9: this starts with a character that means something to YAML"
                        + " (expected: the value in quotes)");
        assertProblems(
                "listen\nport: 80",
                "sluice.yaml:2:5: this has a `:` too many, or is indented too far (expected: one"
                        + " `key: value` per line, and values that hold `: ` in quotes)");
        assertProblems(
                "strict: true\nworkers",
                "sluice.yaml:2:1: this is a key without its colon (expected: a colon and a space"
                        + " after each key)");
        assertProblems(
                "listen: - a",
                "sluice.yaml:1:9: this is an item of a list where none can be (expected: `- ` at"
                        + " the start of a line of its own)");
        assertProblems("%YAML x\n---\na: b", "sluice.yaml:1:7: this cannot be read as YAML");
    }

    @Test
    void saysWhatIsWrongWithTheFileItself() throws IOException {
        Path absent = folder.resolve("absent.yaml");
        assertThatThrownBy(() -> ConfigFile.read(absent, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(absent + ": no such file (expected: a YAML file)");
        assertThatThrownBy(() -> ConfigFile.read(folder, Map.of()))
                .hasMessage(
                        folder + ": is a folder (expected: a YAML file that this user may read)");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', (byte) 0xff});
        assertThatThrownBy(() -> ConfigFile.read(binary, Map.of()))
                .hasMessage(binary + ": is not text (expected: a YAML file in UTF-8)");
        assertProblems(
                "strict: tr\u0000ue",
                "sluice.yaml:1:11: the character U+0000 cannot be read (expected: text that can be"
                        + " seen)");
        assertProblems(
                "a: 1\nstrict: \uE000",
                "sluice.yaml:2:9: the character U+E000 cannot be read (expected: text that can be"
                        + " seen)");
        assertProblems(
                "strict: true\n---\nstrict: true",
                "sluice.yaml:2:1: a second document starts here (expected: one)");
    }

    @Test
    void showsOnOneLineWhatIsNotOnOne() throws IOException {
        assertProblems(
                "access-log: \"a\\nb\\e[31m\\u202e" + "x".repeat(99) + '"',
                "sluice.yaml:1:13: access-log: `a\\nb\\u001b[31m\\u202e"
                        + "x".repeat(51)
                        + "…` is unknown (expected: text, json or off)");
    }

    @Test
    void collectsAllProblemsInTheOrderOfTheFile() throws IOException {
        String broken = ConfigDocument.resource("broken.yaml");
        assertThat(Written.in(folder, broken).problems())
                .extracting(sentence -> sentence.split(": ", 3)[1])
                .containsExactly(
                        "listen.hots",
                        "listen.port",
                        "providers.openai.key",
                        "providers.openai.timeouts.conect",
                        "providers.openai.timeouts.total",
                        "routes.fast[0]",
                        "access_log");
    }

    @Test
    void stopsAtFiftyProblems() throws IOException {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            yaml.append("zebra").append(i).append(": 1\n");
        }
        List<String> problems = Written.in(folder, yaml.toString()).problems();
        assertThat(problems)
                .hasSize(51)
                .last()
                .isEqualTo("sluice.yaml: 10 more problems not shown");
    }

    @Test
    void aProblemKnowsItsParts() throws IOException {
        Written file = Written.in(folder, "access_log: json");
        assertThatThrownBy(file::read)
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        exception -> {
                            Problem problem = exception.problems().getFirst();
                            assertThat(problem.place())
                                    .contains(new Place(file.file().toString(), 1, 1));
                            assertThat(problem.path()).isEqualTo("access_log");
                            assertThat(problem.what()).isEqualTo("unknown key");
                            assertThat(problem.nearest()).contains("access-log");
                            assertThat(problem.expected()).isPresent();
                            assertThat(problem).hasToString(exception.getMessage());
                        });
    }

    private void assertProblems(String yaml, String... sentences) throws IOException {
        assertThat(Written.in(folder, yaml).problems()).containsExactly(sentences);
    }
}
