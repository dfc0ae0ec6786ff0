import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * java tools/Natives.java ROOT
 *
 * <p>Gets libllama for this kind of machine with the system's npm, once, and unpacks it below
 * target/natives. The file "current" there names its folder, relative to ROOT; the file "failed"
 * says why there is none. What npm brings must have the checksum that stands here. Everything but
 * local models works without it.
 */
final class Natives {
    /** A package of npm and the checksum of its archive. */
    private record Pack(String name, String version, String integrity) {
        String archive() {
            return "node-llama-cpp-" + name + "-" + version + ".tgz";
        }
    }

    private static final Map<String, Pack> PACKS =
            Map.of(
                    "linux-x64",
                    new Pack(
                            "linux-x64",
                            "3.22.1",
                            "5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg=="),
                    "linux-arm64",
                    new Pack(
                            "linux-arm64",
                            "3.22.1",
                            "W+7naKCXX9/eEjjFmRS8vvx91QyLXDbeFxexZc3bh/PtQABZgmRL3C0AtYYXn4YGTj/3Qor4lWZn2tpjZFPLdQ=="),
                    "mac-arm64",
                    new Pack(
                            "mac-arm64-metal",
                            "3.21.1",
                            "6MIDAZV7DXD9R1+jEXWJkFuolni3GATGE6mmuyFYc6ZmtOh9djAy15df0T0AXK3sCmVKL+fQcOAWZezxx4MvQQ=="),
                    "mac-x64",
                    new Pack(
                            "mac-x64",
                            "3.21.1",
                            "Q4nyNmbcNiKygBZQZjX+qLk2w3YzoiFpLWsxNURQN7xjyUi2p2rWxjRa7Otg0FrjGf/ri4aQ+X3Uj5Y0zD06eg=="),
                    "win-x64",
                    new Pack(
                            "win-x64",
                            "3.21.1",
                            "JcIpCnra7bAd7JNWA8ehdn2DIRaTMuj+fBC8bw+5rKSNzszWFbuj2XA05c5QHovonDMBLN1ePXE/hcfZtzXoUQ=="),
                    "win-arm64",
                    new Pack(
                            "win-arm64",
                            "3.21.1",
                            "/UDR7Y0B8iKfc/tqxBmWkcgRdZQ9Wrkwod7fYl4J6iZXcTIj286RkHvZSED7VMY67TrcUXVvxJVMNFtmjeYnDg=="));

    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final long LIMIT_S = 180;
    private static final int BLOCK = 512;

    private final Path root;
    private final Path natives;

    Natives(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.natives = this.root.resolve("target/natives");
    }

    static void main(String[] args) throws Exception {
        Optional<String> problem = new Natives(Path.of(args[0]).toAbsolutePath()).get();
        problem.ifPresent(what -> System.err.println("natives: " + what));
        System.exit(problem.isPresent() ? 1 : 0);
    }

    /** Whether it can be got, is not there, and nobody has tried in vain. */
    boolean wanted() throws IOException {
        Pack pack = PACKS.get(machine());
        return pack != null
                && !isCurrent(pack)
                && !Files.exists(natives.resolve("failed"))
                && npm().isPresent();
    }

    /** Gets it if it is not there; what is wrong if it cannot be had. */
    Optional<String> get() throws IOException, InterruptedException {
        String machine = machine();
        Pack pack = PACKS.get(machine);
        if (pack == null) {
            return Optional.of("there is no libllama for " + machine + " among those known here");
        }
        if (isCurrent(pack)) {
            return Optional.empty();
        }
        Files.createDirectories(natives);
        try (FileChannel channel =
                        FileChannel.open(
                                natives.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            // Whoever had the lock may have got it.
            return isCurrent(pack) ? Optional.empty() : fetch(pack);
        }
    }

    private boolean isCurrent(Pack pack) throws IOException {
        Path current = natives.resolve("current");
        return Files.exists(current)
                && Files.readString(current).strip().equals(folder(pack))
                && Files.isDirectory(root.resolve(folder(pack)));
    }

    private static String folder(Pack pack) {
        return "target/natives/"
                + pack.name()
                + "-"
                + pack.version()
                + "/package/bins/"
                + pack.name();
    }

    private Optional<String> fetch(Pack pack) throws IOException, InterruptedException {
        Optional<Path> npm = npm();
        if (npm.isEmpty()) {
            return Optional.of("npm is not installed, which fetches libllama for local models");
        }
        try {
            Path archive = download(npm.get(), pack);
            verify(archive, pack);
            unpack(archive, natives.resolve(pack.name() + "-" + pack.version()));
            Files.delete(archive);
            Path next = natives.resolve("next");
            Files.writeString(next, folder(pack) + "\n");
            Files.move(next, natives.resolve("current"), StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(natives.resolve("failed"));
            return Optional.empty();
        } catch (IOException failed) {
            String reason = failed.getMessage();
            Files.writeString(natives.resolve("failed"), reason + "\n");
            return Optional.of(reason);
        }
    }

    private static String machine() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        String system = os.contains("win") ? "win" : os.contains("mac") ? "mac" : "linux";
        return system
                + "-"
                + (arch.equals("aarch64") ? "arm64" : arch.equals("amd64") ? "x64" : arch);
    }

    private static Optional<Path> npm() {
        return OnPath.programs(WINDOWS ? "npm.cmd" : "npm").stream().findFirst();
    }

    private Path download(Path npm, Pack pack) throws IOException, InterruptedException {
        Path log = natives.resolve("npm.log");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        npm.toString(),
                                        "pack",
                                        "--ignore-scripts",
                                        "--fetch-retries=1",
                                        "--fetch-timeout=60000",
                                        "--pack-destination",
                                        natives.toString(),
                                        "@node-llama-cpp/" + pack.name() + "@" + pack.version()))
                        .directory(natives.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            throw new IOException("npm did not bring libllama within " + LIMIT_S + " s");
        }
        Path archive = natives.resolve(pack.archive());
        if (process.exitValue() != 0 || !Files.exists(archive)) {
            throw new IOException(
                    "npm could not bring libllama (" + pack.name() + "); what it said: " + log);
        }
        return archive;
    }

    private static void verify(Path archive, Pack pack) throws IOException {
        String found;
        try {
            byte[] sum = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
            found = Base64.getEncoder().encodeToString(sum);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (!found.equals(pack.integrity())) {
            Files.delete(archive);
            throw new IOException(
                    "what npm brought as "
                            + pack.archive()
                            + " is not what was checked (SHA-512 "
                            + found
                            + ")");
        }
    }

    /** Unpacks the files of a tar archive; others than files and folders are none of ours. */
    private static void unpack(Path archive, Path into) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
            byte[] header = in.readNBytes(BLOCK);
            while (header.length == BLOCK && header[0] != 0) {
                long size = Long.parseLong(text(header, 124, 12), 8);
                Path file = into.resolve(name(header)).normalize();
                if (!file.startsWith(into)) {
                    throw new IOException("the archive has a file outside of itself");
                }
                boolean isFile = header[156] == '0' || header[156] == 0;
                if (isFile && isWanted(file)) {
                    Files.createDirectories(file.getParent());
                    Files.write(file, in.readNBytes((int) size));
                } else {
                    in.skipNBytes(size);
                }
                in.skipNBytes(-size & (BLOCK - 1));
                header = in.readNBytes(BLOCK);
            }
        }
    }

    private static boolean isWanted(Path file) {
        String name = file.getFileName().toString();
        return !name.endsWith(".node") && !name.endsWith(".js") && !name.endsWith(".lib");
    }

    private static String name(byte[] header) {
        String prefix = text(header, 345, 155);
        String name = text(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8).strip();
    }
}
