package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

@Tag("S3")
final class ClientKeysTest {

    private static final ClientKey ALICE = ClientKey.of(Secret.of("alices-key"));

    private final ClientKeys keys =
            ClientKeys.NONE.with("alice", ALICE).with("bob", ClientKey.ofHash(hash("bobs-key")));

    @Test
    void knowsWhoComes() {
        assertThat(keys.authenticate("alices-key")).contains(new Principal("alice"));
        assertThat(keys.authenticate("bobs-key")).contains(new Principal("bob"));
    }

    @Test
    void knowsWhoDoesNot() {
        assertThat(keys.authenticate("")).isEmpty();
        assertThat(keys.authenticate("alices-ke")).isEmpty();
        assertThat(keys.authenticate("alices-keys")).isEmpty();
        assertThat(keys.authenticate("ALICES-KEY")).isEmpty();
        assertThat(keys.authenticate("x".repeat(1_000_000))).isEmpty();
        assertThat(ClientKeys.NONE.authenticate("")).isEmpty();
        assertThat(ClientKeys.NONE.authenticate("anything")).isEmpty();
    }

    @Test
    void aHashIsNotACredential() throws ReflectiveOperationException {
        assertThat(keys.authenticate(hash("bobs-key"))).isEmpty();
        assertThat(keys.authenticate(hash("bobs-key").substring("sha256:".length()))).isEmpty();
        assertThat(keys.authenticate(HexFormat.of().formatHex(digest(ALICE)))).isEmpty();
    }

    @Test
    void keepsNeitherTheKeyNorItsPlainHash() throws Exception {
        byte[] plain =
                MessageDigest.getInstance("SHA-256")
                        .digest("alices-key".getBytes(StandardCharsets.UTF_8));
        assertThat(digest(ALICE)).hasSize(32).isNotEqualTo(plain);
        assertThat(ClientKey.class.getDeclaredFields())
                .filteredOn(field -> !java.lang.reflect.Modifier.isStatic(field.getModifiers()))
                .extracting(Field::getName)
                .containsExactly("digest");
    }

    @Test
    void twoOwnersOfOneKeyAreRefused() {
        assertThatThrownBy(() -> keys.with("carol", ALICE))
                .isInstanceOf(InvalidValue.class)
                .hasMessage(
                        "carol: is the same key as that of `alice` (expected: a key of its own)");
        ClientKey hashed = ClientKey.ofHash(hash("alices-key"));
        assertThatThrownBy(() -> keys.with("carol", hashed)).isInstanceOf(InvalidValue.class);
        assertThat(keys.with("alice", ALICE)).isEqualTo(keys);
    }

    @Test
    void printsNamesAlone() {
        assertThat(keys).hasToString("[alice, bob]");
        assertThat(keys.names()).containsExactly("alice", "bob");
        assertThat(ALICE).hasToString("***");
    }

    @Test
    void keysAreEqualByWhatTheyAre() {
        assertThat(ClientKeys.of(Map.of("alice", ClientKey.of(Secret.of("alices-key")))))
                .isEqualTo(ClientKeys.NONE.with("alice", ALICE))
                .hasSameHashCodeAs(ClientKeys.NONE.with("alice", ALICE))
                .isNotEqualTo(ClientKeys.NONE.with("alice", ClientKey.of(Secret.of("other"))))
                .isNotEqualTo(ClientKeys.NONE.with("bob", ALICE));
    }

    @Test
    void refusesWhatIsNoKeyAndWhatIsNoHash() {
        for (String text : new String[] {"", "a b", "a\n", "é"}) {
            assertThatThrownBy(() -> ClientKey.of(Secret.of(text)))
                    .isInstanceOf(InvalidValue.class);
        }
        for (String text :
                new String[] {
                    "", "sha256:", "sha256:xyz", "md5:" + "0".repeat(64), "0".repeat(64)
                }) {
            assertThatThrownBy(() -> ClientKey.ofHash(text)).isInstanceOf(InvalidValue.class);
        }
    }

    @Test
    void hexDigitsMayBeCapitals() {
        String upper = "sha256:" + hash("k").substring(7).toUpperCase(java.util.Locale.ROOT);
        assertThat(ClientKey.ofHash(upper)).isEqualTo(ClientKey.of(Secret.of("k")));
    }

    private static byte[] digest(ClientKey key) throws ReflectiveOperationException {
        Field field = ClientKey.class.getDeclaredField("digest");
        field.setAccessible(true);
        return (byte[]) field.get(key);
    }

    private static String hash(String key) {
        try {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            return "sha256:"
                    + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.GeneralSecurityException absent) {
            throw new AssertionError(absent);
        }
    }
}
