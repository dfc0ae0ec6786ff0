package dev.sluice.cli;

import dev.sluice.gateway.config.ClientKey;
import dev.sluice.gateway.config.Principal;
import dev.sluice.gateway.config.Secret;

import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * {@code sluice key NAME}: draws a key for a client and shows it, this once, with the line of the
 * configuration that lets it in and does not hold it.
 */
final class KeyCommand {
    private static final Options OPTIONS = new Options();
    private static final String USAGE = "sluice key NAME";
    private static final String PREFIX = "sk-sluice-";
    private static final int BYTES = 32;

    private KeyCommand() {}

    static int run(List<String> args, PrintStream out) {
        Options.Typed typed = OPTIONS.read(args);
        if (Options.wantsHelp(typed)) {
            out.println(USAGE);
            return Main.OK;
        }
        if (typed.words().size() != 1) {
            throw new UsageException("key needs the name of its owner: " + USAGE);
        }
        Principal owner = UsageException.of("key", () -> new Principal(typed.words().getFirst()));
        String key = drawn();
        out.println("The key of " + owner.name() + ", which is shown this once and kept nowhere:");
        out.println();
        out.println("  " + key);
        out.println();
        out.println(
                "The configuration lets it in by this line under `keys:`, which does not hold it:");
        out.println();
        out.println("  " + owner.name() + ": {hash: \"" + ClientKey.hashOf(Secret.of(key)) + "\"}");
        return Main.OK;
    }

    private static String drawn() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
