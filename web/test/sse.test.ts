import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FrameTooLong, SseParser, type Frame } from "../client/sse.js";

interface Vector {
  readonly name: string;
  readonly chunks: readonly string[];
  readonly events: readonly { type: string; data: string; lastEventId: string }[];
  readonly final_last_event_id?: string;
  readonly final_retry_ms?: number;
}

/** Those that the gateway's own decoder is held to. */
const VECTORS = new URL(
  "../../../../testkit/src/main/resources/golden/sse/vectors.json",
  import.meta.url,
);
const { vectors } = JSON.parse(readFileSync(VECTORS, "utf8")) as { vectors: Vector[] };

function parse(pieces: readonly Uint8Array[]): Frame[] {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.feed(piece));
}

function eventsOf(frames: readonly Frame[]) {
  return frames
    .filter((frame) => frame.data !== null)
    .map((frame) => ({ type: frame.event, data: frame.data, lastEventId: frame.id }));
}

function cut(bytes: Uint8Array, ...at: number[]): Uint8Array[] {
  const ends = [...at, bytes.length];
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}

const utf8 = (text: string) => new TextEncoder().encode(text);

test("reads the vectors of the standard, cut at every byte and fed byte by byte", () => {
  assert.ok(vectors.length > 20);
  for (const vector of vectors) {
    const bytes = Buffer.concat(vector.chunks.map((chunk) => Buffer.from(chunk, "base64")));
    const readings = [parse(vector.chunks.map((chunk) => Buffer.from(chunk, "base64")))];
    for (let at = 0; at <= bytes.length; at++) {
      readings.push(parse(cut(bytes, at)));
    }
    readings.push(parse(Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))));
    for (const frames of readings) {
      assert.deepEqual(eventsOf(frames), vector.events, vector.name);
      if (vector.final_last_event_id !== undefined) {
        assert.equal(frames.at(-1)?.id, vector.final_last_event_id, vector.name);
      }
      if (vector.final_retry_ms !== undefined) {
        const said = frames.flatMap((frame) => (frame.retry === null ? [] : [frame.retry]));
        assert.equal(said.at(-1), vector.final_retry_ms, vector.name);
      }
    }
  }
});

test("keeps characters of two, three and four bytes whole wherever they are cut", () => {
  const text = "data: „Grüße“ 🎉 \u2028 é\n\n";
  const bytes = utf8(text);
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(eventsOf(parse(cut(bytes, at))).map((event) => event.data), [
      "„Grüße“ 🎉 \u2028 é",
    ]);
  }
});

test("drops one byte order mark at the start, even in pieces, and no later one", () => {
  const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8("data: \ufeffa\n\n"));
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(eventsOf(parse(cut(bytes, at))).map((event) => event.data), ["\ufeffa"]);
  }
});

test("gives a frame at its carriage return and takes the line feed later", () => {
  const parser = new SseParser();
  assert.equal(parser.feed(utf8("data: a\r\n\r")).length, 1);
  assert.equal(parser.feed(utf8("\ndata: b\r\r")).length, 1);
});

test("shows comments and retry as frames without data", () => {
  const frames = parse([utf8(": keepalive\n\nretry: 1000\n\nretry: soon\n\n")]);
  assert.deepEqual(frames.map((frame) => [frame.data, frame.retry, frame.lines]), [
    [null, null, [": keepalive"]],
    [null, 1000, ["retry: 1000"]],
    [null, null, ["retry: soon"]],
  ]);
});

test("refuses a frame that is longer than the limit, in one line or in many", () => {
  for (const endless of ["data: " + "x".repeat(60), "data: x\n".repeat(10)]) {
    const parser = new SseParser(50);
    assert.equal(parser.feed(utf8("data: short\n\n".repeat(20))).length, 20);
    assert.throws(() => parser.feed(utf8(endless)), FrameTooLong);
  }
});

test("discards what the end of the stream cuts off", () => {
  assert.equal(parse([utf8("data: a\n\ndata: b\n")]).length, 1);
});
