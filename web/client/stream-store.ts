import type { StreamEvent, Usage } from "./events.js";
import type { StreamError } from "./failure.js";
import type { StreamRequest } from "./request.js";
import { streamText } from "./stream.js";
import type { StreamOptions, StreamStatus, TextStream } from "./text-stream.js";
import type { ToolCall } from "./tool-calls.js";

/** What a view shows of a stream. */
export interface StreamState {
  readonly response: string;
  readonly thinking: string;
  readonly toolCalls: readonly ToolCall[];
  /** Why the answer ended: the model's own reason, or "stopped"; undefined while it comes. */
  readonly stopReason: string | undefined;
  /** What the gateway counted; undefined while the answer comes. */
  readonly usage: Usage | undefined;
  /** "idle" before the first start, or where the stream stands. */
  readonly status: StreamStatus | "idle";
  /** Why there is no whole answer: a StreamError, or the reason of an abort. */
  readonly error: unknown;
  /** Milliseconds to the first token, measured here. */
  readonly ttft: number | undefined;
  /** Tokens per second since the first token, measured here. */
  readonly tps: number | undefined;
  readonly tokens: number;
}

const IDLE: StreamState = {
  response: "",
  thinking: "",
  toolCalls: [],
  stopReason: undefined,
  usage: undefined,
  status: "idle",
  error: undefined,
  ttft: undefined,
  tps: undefined,
  tokens: 0,
};

/**
 * One stream at a time as a state that changes at most once for each picture of the screen, however
 * fast the tokens come. Views subscribe to it.
 */
export class StreamStore {
  readonly #listeners = new Set<() => void>();
  #state = IDLE;
  #stream: TextStream | undefined;
  #cancelTell: (() => void) | undefined;

  /** The state; the same object until something has changed. */
  readonly state = (): StreamState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Starts a stream in place of the one that may be running, which is stopped. */
  start(request: StreamRequest | string, options: StreamOptions = {}): TextStream {
    this.stop();
    const stream = streamText(request, {
      ...options,
      onEvent: (event: StreamEvent) => {
        options.onEvent?.(event);
        this.#onChange(stream);
      },
      onStatus: (status: StreamStatus, why?: StreamError) => {
        options.onStatus?.(status, why);
        this.#onChange(stream);
      },
      onError: (failure: unknown) => {
        this.#onError(stream, failure);
        options.onError?.(failure);
      },
    });
    this.#stream = stream;
    this.#update(undefined);
    return stream;
  }

  /** Stops the stream, if one is running. */
  stop(): void {
    this.#stream?.stop();
  }

  // A stream that another has replaced has no say any more.
  #onChange(stream: TextStream): void {
    if (stream !== this.#stream) {
      return;
    }
    if (stream.status === "done" || stream.status === "stopped") {
      this.#update(undefined);
    } else if (stream.status !== "failed") { // Of that onError tells, with the reason.
      this.#cancelTell ??= soon(() => this.#update(undefined));
    }
  }

  #onError(stream: TextStream, failure: unknown): void {
    if (stream === this.#stream) {
      this.#update(failure);
    }
  }

  #update(error: unknown): void {
    this.#cancelTell?.();
    this.#cancelTell = undefined;
    const stream = this.#stream;
    if (stream !== undefined) {
      const { text, thinking, toolCalls, stopReason, usage, metrics } = stream.partial;
      this.#state = {
        response: text,
        thinking,
        toolCalls,
        stopReason,
        usage,
        status: stream.status,
        error,
        ttft: metrics.ttftMs,
        tps: metrics.tps,
        tokens: metrics.tokens,
      };
    }
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** Before the next picture, or soon where there are no pictures: in a hidden page, in Node. */
function soon(work: () => void): () => void {
  const timer = setTimeout(work, 100);
  if (typeof requestAnimationFrame === "undefined") {
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(work);
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
}
