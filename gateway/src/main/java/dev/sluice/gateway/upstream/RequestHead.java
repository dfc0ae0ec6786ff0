package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Headers.Header;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import java.net.URI;
import java.util.List;

/** Writes the head of an HTTP/1.1 request (RFC 9112, 3). */
final class RequestHead {
    private static final int CRLF = '\r' << 8 | '\n';

    private RequestHead() {}

    /**
     * Writes the head of {@code request} to the server at {@code base}.
     *
     * @throws IllegalArgumentException if a name or a value cannot stand in a head; the message
     *     names the field and not its value
     */
    static void write(ByteBuf out, UpstreamRequest request, URI base) {
        checkPath(request.path());
        ascii(out, "POST ");
        ascii(out, request.path());
        ascii(out, " HTTP/1.1\r\n");
        boolean named = false;
        List<Header> fields = request.headers().all();
        for (int i = 0; i < fields.size(); i++) {
            Header field = fields.get(i);
            named |= field.name().equalsIgnoreCase("host");
            write(out, field.name(), field.value());
        }
        if (!named) {
            write(out, "host", HttpUpstream.authority(base));
        }
        write(out, "content-length", Integer.toString(request.body().length));
        out.writeShort(CRLF);
    }

    private static void write(ByteBuf out, String name, String value) {
        check(name, value);
        ascii(out, name);
        out.writeShort(':' << 8 | ' ');
        ascii(out, value);
        out.writeShort(CRLF);
    }

    /** One byte for each character: fields are ISO 8859-1. */
    private static void ascii(ByteBuf out, String text) {
        ByteBufUtil.writeAscii(out, text);
    }

    private static void checkPath(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new IllegalArgumentException("the upstream's path holds a space or worse");
            }
        }
    }

    private static void check(String name, String value) {
        boolean isFine = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            isFine &= c > ' ' && c < 0x7f && c != ':';
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            isFine &= (c >= ' ' || c == '\t') && c != 0x7f && c <= 0xff;
        }
        if (!isFine) {
            throw new IllegalArgumentException("the field `" + name + "` cannot be sent as it is");
        }
    }
}
