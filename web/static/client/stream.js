import { DEFAULT_BACKOFF, wait, waitBefore } from "./backoff.js";
import { byEventSource } from "./by-eventsource.js";
import { byFetch } from "./by-fetch.js";
import { readEvent } from "./events.js";
import { StreamError } from "./failure.js";
import { addressOf, bodyOf } from "./request.js";
import { FrameTooLong } from "./sse.js";
import { ToolCalls } from "./tool-calls.js";
const SILENCE_MS = 60_000;
const LONGEST_WAIT_MS = 60_000;
/** Asks a gateway for an answer and hears it as it is written. */
export function streamText(request, options = {}) {
    const asked = typeof request === "string" ? { prompt: request } : request;
    const stream = new RunningStream(connectionOf(asked, options), options);
    void stream.run();
    return stream;
}
function connectionOf(request, options) {
    const url = options.url ?? "/stream";
    if (globalThis.location === undefined && !URL.canParse(url)) {
        throw new TypeError(`url: ${url} (expected: a whole one, since this is no page that it could belong to)`);
    }
    if (options.transport === "eventsource") {
        const EventSource = options.EventSource ?? globalThis.EventSource;
        if (EventSource === undefined) {
            throw new TypeError('there is no EventSource here: give one in the options, or use transport "fetch"');
        }
        return byEventSource({
            url,
            fetch: options.fetch ?? globalThis.fetch,
            address: addressOf(url, request),
            EventSource,
            withCredentials: options.withCredentials ?? false,
            tries: { ...DEFAULT_BACKOFF, ...options.resume }.tries,
        });
    }
    return byFetch({
        url,
        body: bodyOf(request),
        headers: () => headersOf(options),
        fetch: options.fetch ?? globalThis.fetch,
        silenceMs: options.silenceMs ?? SILENCE_MS,
    });
}
async function headersOf(options) {
    const given = typeof options.headers === "function" ? await options.headers() : options.headers;
    const headers = new Headers(given);
    if (options.apiKey !== undefined && options.apiKey !== "") {
        headers.set("authorization", `Bearer ${options.apiKey}`);
    }
    return headers;
}
class RunningStream {
    text;
    final;
    #connection;
    #options;
    #abort = new AbortController();
    #start = performance.now();
    #events = [];
    #toolCalls = new ToolCalls();
    #text = "";
    #thinking = "";
    #done;
    #status = "connecting";
    /** Behind this one the stream is taken up. */
    #lastEventId = "";
    /** The last that came at all, even of a frame that is still being read. */
    #lastId = "";
    #retryMs;
    #tokens = 0;
    #firstAt;
    #firstTokenAt = 0;
    #lastTokenAt = 0;
    #failure;
    #settle;
    /** Iterators that wait for more. */
    #waiting = [];
    constructor(connection, options) {
        this.#connection = connection;
        this.#options = options;
        this.final = new Promise((resolve, reject) => {
            this.#settle = { resolve, reject };
        });
        this.text = this.final.then((answer) => answer.text);
        // Whoever listens to callbacks alone need not handle the promises as well.
        this.final.catch(() => undefined);
        this.text.catch(() => undefined);
    }
    get status() {
        return this.#status;
    }
    get partial() {
        return {
            text: this.#text,
            thinking: this.#thinking,
            toolCalls: this.#toolCalls.list(),
            stopReason: this.#status === "stopped" ? "stopped" : this.#done?.stop_reason,
            usage: this.#done?.usage,
            metrics: { ttftMs: this.#ttftMs(), tps: this.#tps(), tokens: this.#tokens },
            done: this.#done,
        };
    }
    #ttftMs() {
        return this.#firstAt === undefined ? undefined : this.#firstAt - this.#start;
    }
    #tps() {
        const ms = this.#lastTokenAt - this.#firstTokenAt;
        return this.#tokens < 2 || ms <= 0 ? undefined : ((this.#tokens - 1) * 1000) / ms;
    }
    stop() {
        if (!this.#ended()) {
            this.#leave();
            this.#end("stopped");
        }
    }
    /** Lets the model stop: the gateway would keep the stream for one who comes back. */
    #leave() {
        if (this.#lastId !== "") {
            void this.#connection.stop(this.#lastId);
        }
    }
    #ended() {
        return this.#status === "done" || this.#status === "stopped" || this.#status === "failed";
    }
    async run() {
        const outer = this.#options.signal;
        const aborted = () => {
            this.#leave();
            this.#end("failed", outer?.reason);
        };
        // A turn later, so that callbacks find the stream that they belong to.
        await Promise.resolve();
        if (outer?.aborted === true) {
            aborted();
            return;
        }
        outer?.addEventListener("abort", aborted, { once: true });
        try {
            await this.#hearAll();
        }
        catch (failure) {
            if (this.#ended() && failure !== this.#abort.signal.reason) {
                throw failure; // A callback threw at the end: nobody else would hear of it.
            }
            if (!this.#ended() && !(failure instanceof StreamError && failure.code !== "malformed")) {
                this.#leave(); // More would come, and cannot be read or is not wanted.
            }
            this.#end("failed", failure);
        }
        finally {
            outer?.removeEventListener("abort", aborted);
        }
    }
    /** Connects until the answer is whole, as often as the options allow. */
    async #hearAll() {
        let tries = 0;
        while (!this.#ended()) {
            const heard = this.#events.length;
            try {
                await this.#connection.hear(this.#lastEventId, this, this.#abort.signal);
                if (this.#ended()) {
                    return;
                }
                throw new StreamError("truncated", "nothing is left of the stream, and its end was not heard");
            }
            catch (failure) {
                tries = this.#events.length > heard ? 1 : tries + 1;
                await this.#waitToTryAgain(reasonOf(failure), tries);
            }
        }
    }
    async #waitToTryAgain(failure, tries) {
        const begun = this.#events.length > 0;
        const backoff = {
            ...DEFAULT_BACKOFF,
            ...(this.#retryMs === undefined ? {} : { firstMs: this.#retryMs }),
            ...(begun ? this.#options.resume : this.#options.retry),
        };
        const again = failure instanceof StreamError &&
            failure.retryable &&
            tries <= backoff.tries &&
            (failure.retryAfterMs ?? 0) <= LONGEST_WAIT_MS &&
            (!begun || this.#lastEventId !== "");
        if (!again || this.#ended()) {
            throw failure;
        }
        if (!begun && failure.status !== undefined) {
            this.#lastEventId = this.#lastId = ""; // It was refused: what is asked for next is an answer of its own.
        }
        this.#setStatus(begun ? "resuming" : "retrying", failure);
        await wait(failure.retryAfterMs ?? waitBefore(tries, backoff), this.#abort.signal);
    }
    onOpen() {
        if (!this.#ended()) {
            this.#setStatus(this.#events.length > 0 ? "streaming" : "waiting");
        }
    }
    onFrame(frame) {
        if (this.#ended()) {
            return true;
        }
        this.#lastId = frame.id;
        this.#options.onFrame?.(frame);
        this.#retryMs = frame.retry ?? this.#retryMs;
        if (frame.data !== null) {
            this.#onEvent(readEvent(frame.data));
        }
        // Behind what the frame said: a frame that could not be read has not been heard.
        this.#lastEventId = frame.id;
        return this.#ended();
    }
    #onEvent(event) {
        if (event.type === "error") {
            throw new StreamError(event.code, event.message, {
                ...(event.retry_after_ms === undefined ? {} : { retryAfterMs: event.retry_after_ms }),
            });
        }
        this.#events.push(event);
        this.#measure(event);
        this.#wake();
        this.#take(event);
        this.#options.onEvent?.(event);
        if (event.type === "done") {
            this.#end("done");
        }
        else if (this.#status === "waiting" || this.#status === "connecting") {
            this.#setStatus("streaming");
        }
    }
    #measure(event) {
        const now = performance.now();
        if (event.type !== "done") {
            this.#firstAt ??= now;
        }
        if (event.type === "token") {
            this.#firstTokenAt ||= now;
            this.#lastTokenAt = now;
            this.#tokens++;
        }
    }
    #take(event) {
        switch (event.type) {
            case "token":
                this.#text += event.text;
                this.#options.onToken?.(event.text, event.token_num);
                break;
            case "thinking":
                this.#thinking += event.text;
                this.#options.onThinking?.(event.text);
                break;
            case "tool_call":
                this.#takePiece(event);
                break;
            case "done":
                this.#done = event;
                break;
            default: // What a later gateway may say is for onEvent and events().
        }
    }
    #takePiece(piece) {
        const call = this.#toolCalls.add(piece);
        if (call.complete) {
            this.#options.onToolCall?.(call);
        }
    }
    #setStatus(status, why) {
        if (status !== this.#status) {
            this.#status = status;
            this.#options.onStatus?.(status, why);
        }
    }
    #end(status, reason) {
        if (this.#ended()) {
            return;
        }
        this.#failure = status === "failed" ? { reason } : undefined;
        this.#status = status;
        this.#abort.abort();
        this.#wake();
        const answer = this.partial;
        if (status === "failed") {
            this.#settle.reject(reason);
        }
        else {
            this.#settle.resolve(answer);
        }
        this.#options.onStatus?.(status);
        if (status === "failed") {
            this.#options.onError?.(reason);
        }
        else {
            this.#options.onDone?.(answer);
        }
    }
    #wake() {
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const wake of waiting) {
            wake();
        }
    }
    async *events() {
        let heard = false;
        try {
            for (let next = 0;; next++) {
                while (next === this.#events.length && !this.#ended()) {
                    await new Promise((resolve) => this.#waiting.push(resolve));
                }
                const event = this.#events[next];
                if (event === undefined) {
                    break;
                }
                yield event;
            }
            heard = true;
        }
        finally {
            if (!heard) {
                this.stop();
            }
        }
        if (this.#failure !== undefined) {
            throw this.#failure.reason;
        }
        return undefined;
    }
    async *[Symbol.asyncIterator]() {
        for await (const event of this.events()) {
            if (event.type === "token") {
                yield event.text;
            }
        }
        return undefined;
    }
}
function reasonOf(failure) {
    return failure instanceof FrameTooLong ? new StreamError("malformed", failure.message) : failure;
}
