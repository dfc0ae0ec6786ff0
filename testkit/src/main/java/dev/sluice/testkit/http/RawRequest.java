package dev.sluice.testkit.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request to send, header by header. Host and, with a body, Content-Length are added unless the
 * request says otherwise. Immutable: each method returns a changed copy.
 */
public final class RawRequest {
    private final String requestLine;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;
    private final boolean addsLength;

    private RawRequest(
            String requestLine,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            boolean addsLength) {
        this.requestLine = requestLine;
        this.headers = headers;
        this.body = body;
        this.addsLength = addsLength;
    }

    /** A request without a body. */
    public static RawRequest get(String target) {
        return of("GET", target);
    }

    /** A POST of JSON. */
    public static RawRequest post(String target, String json) {
        return of("POST", target).header("content-type", "application/json").body(json);
    }

    /** A request with any method. */
    public static RawRequest of(String method, String target) {
        return new RawRequest(method + " " + target + " HTTP/1.1", List.of(), new byte[0], true);
    }

    /**
     * With one more header. Nothing is checked: a name or value may be as wrong as a test wants it.
     */
    public RawRequest header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new RawRequest(requestLine, more, body, addsLength);
    }

    /** With this body, as UTF-8. */
    public RawRequest body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With this body. */
    public RawRequest body(byte[] bytes) {
        return new RawRequest(requestLine, headers, bytes.clone(), addsLength);
    }

    /** With the body in chunks of this many bytes. */
    public RawRequest chunked(int chunkBytes) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int from = 0; from < body.length; from += chunkBytes) {
            int length = Math.min(chunkBytes, body.length - from);
            chunks.writeBytes(HttpInput.latin1(Integer.toHexString(length) + "\r\n"));
            chunks.write(body, from, length);
            chunks.writeBytes(HttpInput.latin1("\r\n"));
        }
        chunks.writeBytes(HttpInput.latin1("0\r\n\r\n"));
        RawRequest chunked = header("transfer-encoding", "chunked");
        return new RawRequest(requestLine, chunked.headers, chunks.toByteArray(), false);
    }

    /** The bytes of the head: for a test that sends the body later, or never. */
    public byte[] head() {
        StringBuilder head = new StringBuilder(requestLine).append("\r\n");
        if (!names("host")) {
            head.append("host: 127.0.0.1\r\n");
        }
        headers.forEach(
                h -> head.append(h.getKey()).append(": ").append(h.getValue()).append("\r\n"));
        if (addsLength
                && body.length > 0
                && !names("content-length")
                && !names("transfer-encoding")) {
            head.append("content-length: ").append(body.length).append("\r\n");
        }
        return HttpInput.latin1(head.append("\r\n").toString());
    }

    /** The bytes of the whole request. */
    public byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head());
        all.writeBytes(body);
        return all.toByteArray();
    }

    private boolean names(String name) {
        return headers.stream().anyMatch(h -> h.getKey().equalsIgnoreCase(name));
    }
}
