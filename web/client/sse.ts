/** One frame of an event stream: what stood between two blank lines. */
export interface Frame {
  /** The `data:` lines joined by line feeds; null where there were none (a comment, a `retry:`). */
  readonly data: string | null;
  /** The `event:` field; "message" where there was none. */
  readonly event: string;
  /** The last `id:` that the stream has said, in this frame or an earlier one; "" before that. */
  readonly id: string;
  /** The `retry:` field in milliseconds; null where there was none. */
  readonly retry: number | null;
  /** The frame as it stood on the wire, line by line, without the line ends. */
  readonly lines: readonly string[];
}

/** A frame was longer than the limit. */
export class FrameTooLong extends Error {
  override readonly name = "FrameTooLong";

  constructor(limit: number) {
    super(`a frame of the stream is longer than ${limit} characters`);
  }
}

/**
 * Reads an event stream from pieces that may be cut anywhere: within a character, between the CR and
 * the LF of a line end, within the byte order mark. What a piece has brought to its end comes back as
 * frames; a frame that the stream's end cuts off is none, as the standard has it.
 */
export class SseParser {
  readonly #limit: number;
  readonly #decoder = new TextDecoder("utf-8");
  #line = "";
  #afterCarriageReturn = false;
  #length = 0;
  #lines: string[] = [];
  #data: string[] = [];
  #event = "";
  #id = "";
  #retry: number | null = null;

  /** @param limit the most characters that one frame may have */
  constructor(limit = 16 * 1024 * 1024) {
    this.#limit = limit;
  }

  /** Takes the next bytes of the stream; the frames that they complete. */
  feed(bytes: Uint8Array): Frame[] {
    return this.#scan(this.#decoder.decode(bytes, { stream: true }));
  }

  #scan(text: string): Frame[] {
    const frames: Frame[] = [];
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
        } else if (text.charCodeAt(at) === 10) {
          at++;
        }
        carriageReturn = text.indexOf("\r", at);
      }
      if (lineFeed >= 0 && lineFeed < at) {
        lineFeed = text.indexOf("\n", at);
      }
    }
  }

  #grow(by: number): void {
    this.#length += by;
    if (this.#length > this.#limit) {
      throw new FrameTooLong(this.#limit);
    }
  }

  #onLine(line: string, frames: Frame[]): void {
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

  #onField(field: string, value: string): void {
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

  #dispatch(frames: Frame[]): void {
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

function nearest(a: number, b: number): number {
  if (a < 0) {
    return b;
  }
  return b < 0 ? a : Math.min(a, b);
}
