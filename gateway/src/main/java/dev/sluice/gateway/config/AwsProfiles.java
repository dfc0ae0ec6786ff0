package dev.sluice.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * AWS's own files, as far as they hold credentials and regions: {@code ~/.aws/credentials} with a
 * section {@code [NAME]} for each profile, and {@code ~/.aws/config} with {@code [profile NAME]}.
 */
final class AwsProfiles {
    /** The profile where none is named. */
    static final String DEFAULT = "default";

    private static final int MOST_BYTES = 1 << 20;

    private AwsProfiles() {}

    /** What both files say of {@code profile}; what the first says holds. */
    static Map<String, String> find(String profile, Map<String, String> env) {
        Map<String, String> said = new HashMap<>();
        file(env, "AWS_CONFIG_FILE", "config")
                .ifPresent(
                        path -> {
                            read(path, "profile " + profile, said);
                            if (profile.equals(DEFAULT)) {
                                read(path, profile, said);
                            }
                        });
        file(env, "AWS_SHARED_CREDENTIALS_FILE", "credentials")
                .ifPresent(path -> read(path, profile, said));
        return said;
    }

    private static Optional<Path> file(Map<String, String> env, String variable, String name) {
        String said = env.getOrDefault(variable, "").strip();
        String home = env.getOrDefault("HOME", env.getOrDefault("USERPROFILE", "")).strip();
        try {
            if (!said.isEmpty()) {
                return Optional.of(Path.of(said));
            }
            return home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home, ".aws", name));
        } catch (InvalidPathException none) {
            return Optional.empty();
        }
    }

    private static void read(Path file, String wanted, Map<String, String> into) {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException absentOrUnreadable) {
            // Most people have none of the two; whoever named a profile is told that it is missing.
            return;
        }
        boolean inside = false;
        for (String line : text.lines().toList()) {
            String bare = line.strip();
            int equals = bare.indexOf('=');
            if (bare.startsWith("[")) {
                String section = bare.substring(1, Math.max(1, bare.indexOf(']')));
                inside = section.strip().replaceAll("\\s+", " ").equals(wanted);
            } else if (inside && equals > 0 && !isNestedOrComment(line)) {
                into.put(bare.substring(0, equals).strip(), bare.substring(equals + 1).strip());
            }
        }
    }

    private static boolean isNestedOrComment(String line) {
        return line.startsWith(" ")
                || line.startsWith("\t")
                || line.startsWith("#")
                || line.startsWith(";");
    }
}
