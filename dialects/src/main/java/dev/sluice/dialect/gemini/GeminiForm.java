package dev.sluice.dialect.gemini;

import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Request;

/** The two forms of a stream: server-sent events, or one JSON array that grows. */
enum GeminiForm {
    EVENTS("text/event-stream"),
    ARRAY("application/json");

    /** Where a request tells the form that its client wants. */
    static final String MEMBER = Request.GATEWAY + "alt";

    private static final Raw AS_ARRAY = Raw.of("\"json\"");

    private final String contentType;

    GeminiForm(String contentType) {
        this.contentType = contentType;
    }

    /** The form that is asked for by a client's query: events only where it says so. */
    static GeminiForm ofQuery(String query) {
        for (String parameter : query.split("&", -1)) {
            if (parameter.equals("alt=sse") || parameter.equals("%24alt=sse")) {
                return EVENTS;
            }
        }
        return ARRAY;
    }

    /** The form that a request asks for. */
    static GeminiForm of(Request request) {
        return request.extra().containsKey(MEMBER) ? ARRAY : EVENTS;
    }

    /** Tells the request its form. */
    void tell(Request.Builder request) {
        if (this == ARRAY) {
            request.extra.put(MEMBER, AS_ARRAY);
        }
    }

    /** The content type of a stream in this form. */
    String contentType() {
        return contentType;
    }
}
