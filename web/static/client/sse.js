/** A frame was longer than the limit. */
export class FrameTooLong extends Error {
    name = "FrameTooLong";
    constructor(limit) {
        super(`a frame of the stream is longer than ${limit} characters`);
    }
}
/**
 * Reads an event stream from pieces that may be cut anywhere: within a character, between the CR and
 * the LF of a line end, within the byte order mark. What a piece has brought to its end comes back as
 * frames; a frame that the stream's end cuts off is none, as the standard has it.
 */
export class SseParser {
    #limit;
    #decoder = new TextDecoder("utf-8");
    #line = "";
    #afterCarriageReturn = false;
    #length = 0;
    #lines = [];
    #data = [];
    #event = "";
    #id = "";
    #retry = null;
    /** @param limit the most characters that one frame may have */
    constructor(limit = 16 * 1024 * 1024) {
        this.#limit = limit;
    }
    /** Takes the next bytes of the stream; the frames that they complete. */
    feed(bytes) {
        return this.#scan(this.#decoder.decode(bytes, { stream: true }));
    }
    #scan(text) {
        const frames = [];
        let at = 0;
        if (this.#afterCarriageReturn && text.length > 0) {
            this.#afterCarriageReturn = false;
            at = text.charCodeAt(0) === 10 ? 1 : 0;
        }
        // Each end is looked for once, so that a long piece without one of them is not read over and over.
        let lineFeed = text.indexOf("\n", at);
        let carriageReturn = text.indexOf("\r", at);
        for (;;) {
            const end = nearest(lineFeed, carriageReturn);
            this.#grow((end < 0 ? text.length : end) - at);
            if (end < 0) {
                this.#line += text.slice(at);
                return frames;
            }
            this.#onLine(this.#line + text.slice(at, end), frames);
            this.#line = "";
            at = end + 1;
            if (end === carriageReturn) {
                if (at === text.length) {
                    this.#afterCarriageReturn = true;
                }
                else if (text.charCodeAt(at) === 10) {
                    at++;
                }
                carriageReturn = text.indexOf("\r", at);
            }
            if (lineFeed >= 0 && lineFeed < at) {
                lineFeed = text.indexOf("\n", at);
            }
        }
    }
    #grow(by) {
        this.#length += by;
        if (this.#length > this.#limit) {
            throw new FrameTooLong(this.#limit);
        }
    }
    #onLine(line, frames) {
        if (line === "") {
            this.#dispatch(frames);
            return;
        }
        this.#lines.push(line);
        const colon = line.indexOf(":");
        if (colon === 0) {
            return;
        }
        const field = colon < 0 ? line : line.slice(0, colon);
        let value = colon < 0 ? "" : line.slice(colon + 1);
        if (value.startsWith(" ")) {
            value = value.slice(1);
        }
        this.#onField(field, value);
    }
    #onField(field, value) {
        switch (field) {
            case "data":
                this.#data.push(value);
                break;
            case "event":
                this.#event = value;
                break;
            case "id":
                if (!value.includes("\0")) {
                    this.#id = value;
                }
                break;
            case "retry":
                if (/^[0-9]+$/.test(value)) {
                    this.#retry = Number(value);
                }
                break;
            default: // A field that the standard does not know says nothing.
        }
    }
    #dispatch(frames) {
        if (this.#lines.length > 0) {
            frames.push({
                data: this.#data.length === 0 ? null : this.#data.join("\n"),
                event: this.#event === "" ? "message" : this.#event,
                id: this.#id,
                retry: this.#retry,
                lines: this.#lines,
            });
        }
        this.#length = 0;
        this.#lines = [];
        this.#data = [];
        this.#event = "";
        this.#retry = null;
    }
}
function nearest(a, b) {
    if (a < 0) {
        return b;
    }
    return b < 0 ? a : Math.min(a, b);
}
