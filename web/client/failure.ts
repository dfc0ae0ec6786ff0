/** What failed: a code of the gateway, or one of those that are found out here. */
export type FailureCode =
  | "network" // the gateway was not reached, or the connection broke
  | "truncated" // the stream ended without its end
  | "silence" // nothing came for longer than `silenceMs`, not even a keepalive
  | "malformed" // what came was not a stream of Sluice
  | (string & {});

/** What is known of a failure beside its code and message. */
export interface FailureDetails {
  /** The HTTP status; absent when none was heard, or it was a 200. */
  readonly status?: number;
  /** How long the gateway asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** Why there is no whole answer. What came before is in the stream's `partial`. */
export class StreamError extends Error {
  override readonly name = "StreamError";
  readonly code: FailureCode;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Whether asking again may help. */
  get retryable(): boolean {
    if (this.status !== undefined) {
      return RETRYABLE.has(this.status);
    }
    return this.code === "network" || this.code === "truncated" || this.code === "silence";
  }

  /** What a response that is not a stream says, in whichever dialect's form. */
  static async ofResponse(response: Response): Promise<StreamError> {
    const body = await response.text().catch(() => "");
    const told = errorOf(body);
    const retryAfterMs = waitOf(response.headers.get("retry-after"));
    return new StreamError(
      told.code ?? `http_${response.status}`,
      told.message ?? `the gateway answered ${response.status} ${response.statusText}`.trimEnd(),
      retryAfterMs === undefined
        ? { status: response.status }
        : { status: response.status, retryAfterMs },
    );
  }
}

const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

function errorOf(body: string): { code?: string; message?: string } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return {};
  }
  const error = field(value, "error") ?? value;
  if (typeof error === "string") {
    return { message: error };
  }
  const code = field(error, "code") ?? field(error, "type");
  const message = field(error, "message");
  return {
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof message === "string" ? { message } : {}),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function waitOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) {
    return undefined;
  }
  const seconds = Number(retryAfter);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
