package dev.sluice.core.dialect;

/**
 * A client's request as it came.
 *
 * @param operation what the client's path asks for
 * @param path the path from where the endpoint has its {@code *}, empty if it has none
 * @param query what stands behind the path's question mark, as it came; perhaps a key is in it
 * @param headers the client's header fields
 * @param body the body, decompressed
 */
public record Call(Operation operation, String path, String query, Headers headers, byte[] body) {
    /** A call without a query. */
    public Call(Operation operation, String path, Headers headers, byte[] body) {
        this(operation, path, "", headers, body);
    }

    /** A call for an answer. */
    public Call(String path, Headers headers, byte[] body) {
        this(Operation.GENERATE, path, headers, body);
    }

    /** A call that is nothing but a body. */
    public static Call of(byte[] body) {
        return new Call("", Headers.NONE, body);
    }

    @Override
    public String toString() {
        return "Call[" + operation + " " + path + ", " + body.length + " bytes]";
    }
}
