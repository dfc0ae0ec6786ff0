package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/** The keys of {@code listen} and of a client's key: how clients come in. */
final class ListenSection {
    private static final Key<Path> CERTIFICATE =
            Key.required(
                    "certificate",
                    Single.ofFile(),
                    "The PEM file of the certificate and those that signed it.");
    private static final Key<Path> CERTIFICATE_KEY =
            Key.required("key", Single.ofFile(), "The PEM file of its private key.");

    static final Section<ServerTls> LISTEN_TLS =
            Section.of(
                    v -> new ServerTls(v.get(CERTIFICATE), v.get(CERTIFICATE_KEY)),
                    CERTIFICATE,
                    CERTIFICATE_KEY);

    private static final Key<String> HOST =
            Key.of(
                    "host",
                    Single.of(Listen.EXPECTED_HOST, Listen::parseHost),
                    Listen.DEFAULT.host(),
                    "Where to listen. Beyond this machine (`0.0.0.0`, `::`) at least one client key"
                            + " is needed.");
    private static final Key<Integer> PORT =
            Key.of(
                    "port",
                    Single.of(Listen.PORTS),
                    Listen.DEFAULT.port(),
                    "The TCP port; 0 takes any free one.");
    private static final Key<ServerTls> TLS =
            Key.optional(
                    "tls",
                    LISTEN_TLS,
                    "plain HTTP",
                    "The certificate to show; with it the port speaks TLS alone.");

    static final Section<Listen> LISTEN =
            Section.of(v -> new Listen(v.get(HOST), v.get(PORT), v.find(TLS)), HOST, PORT, TLS);

    private static final Key<ClientKey> PLAIN_KEY =
            Key.optional(
                    "key",
                    Single.ofSecret(Secret.TOKEN, text -> ClientKey.of(Secret.of(text))),
                    "`hash` is needed",
                    "The key itself, best as `${NAME}`. Only its hash is kept in memory.");
    private static final Key<ClientKey> HASHED_KEY =
            Key.optional(
                    "hash",
                    Single.ofSecret(ClientKey.EXPECTED_HASH, ClientKey::ofHash),
                    "`key` is needed",
                    "The SHA-256 of the key, so that the file holds none: `printf %s \"$KEY\" |"
                            + " sha256sum`.");

    static final Section<ClientKey> CLIENT_KEY =
            Section.of(ListenSection::clientKey, PLAIN_KEY, HASHED_KEY);

    private ListenSection() {}

    private static ClientKey clientKey(Values v) {
        Optional<ClientKey> hashed = v.find(HASHED_KEY);
        if (v.find(PLAIN_KEY).isPresent() && hashed.isPresent()) {
            throw InvalidValue.of("hash", "stands beside `key`", "one of the two");
        }
        return v.find(PLAIN_KEY)
                .or(() -> hashed)
                .orElseThrow(
                        () -> InvalidValue.of("", "has no `key` and no `hash`", "one of the two"));
    }
}
