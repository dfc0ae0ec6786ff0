package dev.sluice.gateway.ingress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.stream.Stream;

/**
 * The files of the playground, read from the class path once, at the start. They are served to
 * everybody, hold no secret, and run nothing that does not come with them.
 */
public final class WebFiles {
    /** None. */
    public static final WebFiles NONE = new WebFiles(Map.of());

    private static final String INDEX = "index.html";
    private static final Map<String, String> TYPES =
            Map.ofEntries(
                    Map.entry("html", "text/html; charset=utf-8"),
                    Map.entry("js", "text/javascript; charset=utf-8"),
                    Map.entry("mjs", "text/javascript; charset=utf-8"),
                    Map.entry("css", "text/css; charset=utf-8"),
                    Map.entry("json", "application/json"),
                    Map.entry("map", "application/json"),
                    Map.entry("webmanifest", "application/manifest+json"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("png", "image/png"),
                    Map.entry("ico", "image/x-icon"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("txt", "text/plain; charset=utf-8"));

    /** Nothing but what comes from here, and nothing inline. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " object-src 'none'";

    private record WebFile(String type, String tag, byte[] bytes) {}

    private final Map<String, WebFile> files;

    private WebFiles(Map<String, WebFile> files) {
        this.files = Map.copyOf(files);
    }

    /**
     * The resources under {@code folder}, such as {@code web}, of every jar and folder of the class
     * path.
     *
     * @throws UncheckedIOException when one cannot be read
     */
    public static WebFiles under(String folder) {
        Map<String, WebFile> files = new HashMap<>();
        try {
            Enumeration<URL> roots = WebFiles.class.getClassLoader().getResources(folder);
            for (URL root : Collections.list(roots)) {
                if (root.openConnection() instanceof JarURLConnection jar) {
                    fromJar(jar, folder + "/", files);
                } else if (root.getProtocol().equals("file")) {
                    fromFolder(Path.of(uri(root)), files);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the files of the playground cannot be read", e);
        }
        return new WebFiles(files);
    }

    private static URI uri(URL url) throws IOException {
        try {
            return url.toURI();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static void fromFolder(Path root, Map<String, WebFile> files) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(root)) {
            all = walk.filter(Files::isRegularFile).toList();
        }
        for (Path path : all) {
            String name = root.relativize(path).toString().replace('\\', '/');
            files.put(name, file(name, Files.readAllBytes(path)));
        }
    }

    private static void fromJar(JarURLConnection jar, String prefix, Map<String, WebFile> files)
            throws IOException {
        for (JarEntry entry : Collections.list(jar.getJarFile().entries())) {
            if (!entry.isDirectory() && entry.getName().startsWith(prefix)) {
                String name = entry.getName().substring(prefix.length());
                try (InputStream in = jar.getJarFile().getInputStream(entry)) {
                    files.put(name, file(name, in.readAllBytes()));
                }
            }
        }
    }

    private static WebFile file(String name, byte[] bytes) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new WebFile(
                    TYPES.getOrDefault(ending, "application/octet-stream"),
                    '"' + HexFormat.of().formatHex(hash, 0, 16) + '"',
                    bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers a request for a file; false if there is none at {@code path}. */
    boolean serve(HttpServerRequest request, String path) {
        String method = request.method().name();
        boolean reads = method.equals("GET") || method.equals("HEAD");
        Optional<WebFile> file = reads ? find(path) : Optional.empty();
        file.ifPresent(found -> answer(request, found, method.equals("HEAD")));
        return file.isPresent();
    }

    private Optional<WebFile> find(String path) {
        String name = path.startsWith("/") ? path.substring(1) : path;
        return Optional.ofNullable(files.get(name.isEmpty() ? INDEX : name));
    }

    private static void answer(HttpServerRequest request, WebFile file, boolean headAlone) {
        HttpServerResponse response = request.response();
        response.putHeader("etag", file.tag);
        response.putHeader("cache-control", "no-cache");
        response.putHeader("content-security-policy", POLICY);
        response.putHeader("x-content-type-options", "nosniff");
        response.putHeader("referrer-policy", "no-referrer");
        response.putHeader("cross-origin-opener-policy", "same-origin");
        if (file.tag.equals(request.getHeader("if-none-match"))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("content-type", file.type);
        if (headAlone) {
            response.putHeader("content-length", Integer.toString(file.bytes.length)).end();
        } else {
            response.end(Buffer.buffer(file.bytes));
        }
    }
}
