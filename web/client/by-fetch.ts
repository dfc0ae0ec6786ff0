import { sendStop, type Connection, type Listener } from "./connection.js";
import { StreamError } from "./failure.js";
import { SseParser } from "./sse.js";

export interface FetchSettings {
  readonly url: string | URL;
  readonly body: string;
  readonly headers: () => Headers | Promise<Headers>;
  readonly fetch: typeof fetch;
  readonly silenceMs: number;
}

/** A connection over `POST`: it can carry keys and conversations, and hears the status of a failure. */
export function byFetch(settings: FetchSettings): Connection {
  return {
    hear: (lastEventId, listener, signal) => hearFrom(settings, lastEventId, listener, signal),
    stop: (lastEventId) => {
      const { fetch, url, headers } = settings;
      return sendStop(fetch, url, lastEventId, headers, "same-origin");
    },
  };
}

async function hearFrom(
  settings: FetchSettings,
  lastEventId: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  const watch = new Watch(settings.silenceMs, signal);
  try {
    const response = await ask(settings, lastEventId, watch.signal);
    if (response.status === 204) {
      return;
    }
    await checkStream(response);
    listener.onOpen();
    await hear(response, listener, watch);
  } catch (failure) {
    throw watch.reasonOf(failure);
  } finally {
    watch.end();
  }
}

async function ask(
  settings: FetchSettings,
  lastEventId: string,
  signal: AbortSignal,
): Promise<Response> {
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

async function checkStream(response: Response): Promise<void> {
  if (!response.ok) {
    throw await StreamError.ofResponse(response);
  }
  const type = response.headers.get("content-type") ?? "nothing";
  if (!type.startsWith("text/event-stream") || response.body === null) {
    await response.body?.cancel();
    throw new StreamError("malformed", `the answer is ${type}, not text/event-stream`);
  }
}

async function hear(response: Response, listener: Listener, watch: Watch): Promise<void> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
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
  } finally {
    // Not waited for: a connection that hangs would hold up the end.
    reader.cancel().catch(() => undefined);
  }
}

/** Ends a connection when its caller wants that, or when nothing has come for too long. */
class Watch {
  readonly #abort = new AbortController();
  readonly #outer: AbortSignal;
  readonly #silenceMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(silenceMs: number, outer: AbortSignal) {
    this.#silenceMs = silenceMs;
    this.#outer = outer;
    if (outer.aborted) {
      this.#onOuter();
    }
    outer.addEventListener("abort", this.#onOuter);
    this.onSign();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  readonly #onOuter = () => this.#abort.abort(this.#outer.reason);

  onSign(): void {
    clearTimeout(this.#timer);
    if (this.#silenceMs > 0) {
      this.#timer = setTimeout(() => this.#onSilence(), this.#silenceMs);
    }
  }

  #onSilence(): void {
    const seconds = this.#silenceMs / 1000;
    this.#abort.abort(new StreamError("silence", `nothing came for ${seconds} seconds`));
  }

  /** Why it ended: browsers tell a broken connection in words of their own. */
  reasonOf(failure: unknown): unknown {
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

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#onOuter);
  }
}
