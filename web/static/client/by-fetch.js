import { sendStop } from "./connection.js";
import { StreamError } from "./failure.js";
import { SseParser } from "./sse.js";
/** A connection over `POST`: it can carry keys and conversations, and hears the status of a failure. */
export function byFetch(settings) {
    return {
        hear: (lastEventId, listener, signal) => hearFrom(settings, lastEventId, listener, signal),
        stop: (lastEventId) => {
            const { fetch, url, headers } = settings;
            return sendStop(fetch, url, lastEventId, headers, "same-origin");
        },
    };
}
async function hearFrom(settings, lastEventId, listener, signal) {
    const watch = new Watch(settings.silenceMs, signal);
    try {
        const response = await ask(settings, lastEventId, watch.signal);
        if (response.status === 204) {
            return;
        }
        await checkStream(response);
        listener.onOpen();
        await hear(response, listener, watch);
    }
    catch (failure) {
        throw watch.reasonOf(failure);
    }
    finally {
        watch.end();
    }
}
async function ask(settings, lastEventId, signal) {
    const headers = await settings.headers();
    headers.set("content-type", "application/json");
    headers.set("accept", "text/event-stream");
    if (lastEventId !== "") {
        headers.set("last-event-id", lastEventId);
    }
    // Taken out of the settings: the browser's own fetch must not be called as a method of them.
    const { fetch } = settings;
    return fetch(settings.url, { method: "POST", headers, body: settings.body, cache: "no-store", signal });
}
async function checkStream(response) {
    if (!response.ok) {
        throw await StreamError.ofResponse(response);
    }
    const type = response.headers.get("content-type") ?? "nothing";
    if (!type.startsWith("text/event-stream") || response.body === null) {
        await response.body?.cancel();
        throw new StreamError("malformed", `the answer is ${type}, not text/event-stream`);
    }
}
async function hear(response, listener, watch) {
    const reader = response.body.getReader();
    const parser = new SseParser();
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done) {
                throw new StreamError("truncated", "the stream ended before the answer did");
            }
            watch.onSign();
            for (const frame of parser.feed(value)) {
                if (listener.onFrame(frame)) {
                    return;
                }
            }
        }
    }
    finally {
        // Not waited for: a connection that hangs would hold up the end.
        reader.cancel().catch(() => undefined);
    }
}
/** Ends a connection when its caller wants that, or when nothing has come for too long. */
class Watch {
    #abort = new AbortController();
    #outer;
    #silenceMs;
    #timer;
    constructor(silenceMs, outer) {
        this.#silenceMs = silenceMs;
        this.#outer = outer;
        if (outer.aborted) {
            this.#onOuter();
        }
        outer.addEventListener("abort", this.#onOuter);
        this.onSign();
    }
    get signal() {
        return this.#abort.signal;
    }
    #onOuter = () => this.#abort.abort(this.#outer.reason);
    onSign() {
        clearTimeout(this.#timer);
        if (this.#silenceMs > 0) {
            this.#timer = setTimeout(() => this.#onSilence(), this.#silenceMs);
        }
    }
    #onSilence() {
        const seconds = this.#silenceMs / 1000;
        this.#abort.abort(new StreamError("silence", `nothing came for ${seconds} seconds`));
    }
    /** Why it ended: browsers tell a broken connection in words of their own. */
    reasonOf(failure) {
        if (this.signal.aborted) {
            return this.signal.reason;
        }
        if (failure instanceof TypeError) {
            return new StreamError("network", "the connection to the gateway broke or was not made", {
                cause: failure,
            });
        }
        return failure;
    }
    end() {
        clearTimeout(this.#timer);
        this.#outer.removeEventListener("abort", this.#onOuter);
    }
}
