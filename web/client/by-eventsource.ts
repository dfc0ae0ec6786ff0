import { sendStop, type Connection, type Listener } from "./connection.js";
import { StreamError } from "./failure.js";

export interface EventSourceSettings {
  readonly url: string | URL;
  /** The URL with what is asked. */
  readonly address: string;
  /** For what an EventSource cannot do: to stop the stream. */
  readonly fetch: typeof fetch;
  readonly EventSource: typeof EventSource;
  readonly withCredentials: boolean;
  /** How often the browser may try to connect without hearing anything. */
  readonly tries: number;
}

/**
 * A connection over the browser's EventSource, which comes back and resumes by itself. It can carry
 * neither a key nor a conversation, and does not tell why a gateway refused.
 */
export function byEventSource(settings: EventSourceSettings): Connection {
  return {
    hear: (lastEventId, listener, signal) => {
      if (lastEventId !== "") {
        // The browser has tried to resume, and has given up.
        return Promise.reject(new StreamError("truncated", "the stream could not be resumed"));
      }
      return new Promise((resolve, reject) => hear(settings, listener, signal, resolve, reject));
    },
    stop: (lastEventId) => {
      const { fetch, url, withCredentials } = settings;
      const credentials = withCredentials ? "include" : "same-origin";
      return sendStop(fetch, url, lastEventId, () => new Headers(), credentials);
    },
  };
}

function hear(
  settings: EventSourceSettings,
  listener: Listener,
  signal: AbortSignal,
  resolve: () => void,
  reject: (reason: unknown) => void,
): void {
  if (signal.aborted) {
    reject(signal.reason);
    return;
  }
  const source = new settings.EventSource(settings.address, {
    withCredentials: settings.withCredentials,
  });
  let failures = 0;
  const end = (settle: () => void) => {
    source.close();
    signal.removeEventListener("abort", aborted);
    settle();
  };
  const aborted = () => end(() => reject(signal.reason));
  signal.addEventListener("abort", aborted, { once: true });
  source.onopen = () => listener.onOpen();
  source.onmessage = (message: MessageEvent<string>) => {
    failures = 0;
    try {
      if (listener.onFrame(frameOf(message))) {
        end(resolve);
      }
    } catch (failure) {
      end(() => reject(failure));
    }
  };
  source.onerror = () => {
    failures++;
    if (source.readyState === settings.EventSource.CLOSED || failures > settings.tries) {
      end(() => reject(notHeard(source.readyState === settings.EventSource.CLOSED)));
    }
  };
}

function frameOf(message: MessageEvent<string>) {
  return {
    data: message.data,
    event: message.type,
    id: message.lastEventId,
    retry: null,
    lines: [
      ...(message.lastEventId === "" ? [] : [`id: ${message.lastEventId}`]),
      ...message.data.split("\n").map((line) => `data: ${line}`),
    ],
  };
}

function notHeard(refused: boolean): StreamError {
  return refused
    ? new StreamError("refused", "the gateway refused; EventSource does not tell why, fetch does")
    : new StreamError("network", "the connection to the gateway broke or was not made");
}
