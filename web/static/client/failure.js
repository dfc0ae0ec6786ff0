/** Why there is no whole answer. What came before is in the stream's `partial`. */
export class StreamError extends Error {
    name = "StreamError";
    code;
    status;
    retryAfterMs;
    constructor(code, message, details = {}) {
        super(message, "cause" in details ? { cause: details.cause } : undefined);
        this.code = code;
        this.status = details.status;
        this.retryAfterMs = details.retryAfterMs;
    }
    /** Whether asking again may help. */
    get retryable() {
        if (this.status !== undefined) {
            return RETRYABLE.has(this.status);
        }
        return this.code === "network" || this.code === "truncated" || this.code === "silence";
    }
    /** What a response that is not a stream says, in whichever dialect's form. */
    static async ofResponse(response) {
        const body = await response.text().catch(() => "");
        const told = errorOf(body);
        const retryAfterMs = waitOf(response.headers.get("retry-after"));
        return new StreamError(told.code ?? `http_${response.status}`, told.message ?? `the gateway answered ${response.status} ${response.statusText}`.trimEnd(), retryAfterMs === undefined
            ? { status: response.status }
            : { status: response.status, retryAfterMs });
    }
}
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504, 529]);
function errorOf(body) {
    let value;
    try {
        value = JSON.parse(body);
    }
    catch {
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
function field(value, name) {
    return typeof value === "object" && value !== null
        ? value[name]
        : undefined;
}
function waitOf(retryAfter) {
    if (retryAfter === null) {
        return undefined;
    }
    const seconds = Number(retryAfter);
    const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now();
    return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
