import type { Backoff } from "./backoff.js";
import type { DoneEvent, StreamEvent, Usage } from "./events.js";
import type { StreamError } from "./failure.js";
import type { Frame } from "./sse.js";
import type { ToolCall } from "./tool-calls.js";

/**
 * Where a stream stands: `connecting` until the gateway answers, `waiting` until the first token,
 * `streaming`, `retrying` while it waits to ask again, `resuming` while it comes back to a stream that
 * broke; then `done`, `stopped` (by `stop()`) or `failed` (a signal's abort, too).
 */
export type StreamStatus =
  | "connecting"
  | "waiting"
  | "streaming"
  | "retrying"
  | "resuming"
  | "done"
  | "stopped"
  | "failed";

/** What was measured here, in the browser. */
export interface Metrics {
  /** Milliseconds from the call to the first piece of text, thinking or tool call. */
  readonly ttftMs: number | undefined;
  /** Tokens per second between the first token and the last. */
  readonly tps: number | undefined;
  readonly tokens: number;
}

/** An answer, whole or as far as it came. */
export interface Answer {
  readonly text: string;
  readonly thinking: string;
  readonly toolCalls: readonly ToolCall[];
  /** The model's own, or "stopped"; undefined while there is none. */
  readonly stopReason: string | undefined;
  readonly usage: Usage | undefined;
  readonly metrics: Metrics;
  /** The event that ended it, with what the gateway measured. */
  readonly done: DoneEvent | undefined;
}

/** How a stream is asked for and heard. */
export interface StreamOptions {
  /** "/stream" of the page's own origin, if nothing else is said. */
  readonly url?: string | URL;
  /** "fetch", if nothing else is said. "eventsource" can carry neither a key nor a conversation. */
  readonly transport?: "fetch" | "eventsource";
  /** A client key of the gateway, sent as a bearer token. */
  readonly apiKey?: string;
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Its abort stops the stream, at the model too; promises and iterators reject with its reason. */
  readonly signal?: AbortSignal;
  /** Before the first event: how often to ask again after a failure that may pass. */
  readonly retry?: Partial<Backoff>;
  /** After it: how often to come back to the stream, counted anew whenever something has come. */
  readonly resume?: Partial<Backoff>;
  /** A connection that brings nothing for this long, not even a keepalive, is given up; 0 never. */
  readonly silenceMs?: number;
  /** For EventSource. */
  readonly withCredentials?: boolean;
  readonly fetch?: typeof fetch;
  readonly EventSource?: typeof EventSource;

  readonly onToken?: (text: string, tokenNum: number) => void;
  readonly onThinking?: (text: string) => void;
  /** A call that is complete; its pieces are events. */
  readonly onToolCall?: (call: ToolCall) => void;
  readonly onEvent?: (event: StreamEvent) => void;
  /** Each frame as it stood on the wire, comments too (EventSource shows no comments). */
  readonly onFrame?: (frame: Frame) => void;
  /** `why` is the failure that `retrying` and `resuming` come of. */
  readonly onStatus?: (status: StreamStatus, why?: StreamError) => void;
  readonly onDone?: (answer: Answer) => void;
  readonly onError?: (failure: unknown) => void;
}

/**
 * An answer that is being written. Iterating gives the text token by token, `events()` everything;
 * who comes late hears all of it from the start. Leaving a loop early stops the stream.
 */
export interface TextStream extends AsyncIterable<string> {
  events(): AsyncIterableIterator<StreamEvent>;
  /** The whole text. Rejects when the answer broke off; resolves with what there is after `stop()`. */
  readonly text: Promise<string>;
  /** The whole answer, likewise. */
  readonly final: Promise<Answer>;
  /** The answer as far as it has come. */
  readonly partial: Answer;
  readonly status: StreamStatus;
  /** Stops the stream, at the model too. What came is kept; the promises resolve with it. */
  stop(): void;
}
