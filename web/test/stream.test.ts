import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { StreamError, streamText, type StreamStatus } from "../client/index.js";
import {
  Gate,
  PlayServer,
  begin,
  breaks,
  breaksAtOnce,
  done,
  frame,
  refuses,
  says,
  staysAfter,
  token,
  type Asked,
  type Scene,
} from "./play-server.js";

const servers: PlayServer[] = [];
const quick = { firstMs: 1 };

async function serve(...scenes: Scene[]): Promise<PlayServer> {
  const server = await PlayServer.start(...scenes);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function call(n: number, piece: string, complete: boolean): string {
  return frame(n, {
    type: "tool_call",
    index: 0,
    tool_call_id: "c1",
    name: "add",
    arguments: piece,
    complete,
  });
}

test("iterates over tokens, and tells the whole answer at the end", async () => {
  const server = await serve(
    says(
      frame(1, { type: "thinking", text: "Hm." }),
      frame(2, { type: "token", text: "Hel", token_num: 1 }),
      ": keepalive\n\n",
      frame(3, { type: "token", text: "lo", token_num: 2 }),
      call(4, '{"a":', false),
      call(5, "1}", false),
      call(6, "", true),
      done(7),
    ),
  );
  const stream = streamText({ prompt: "Hi", model: "m", maxTokens: 5 }, { url: server.url });
  const heard: string[] = [];
  for await (const text of stream) {
    heard.push(text);
  }
  assert.deepEqual(heard, ["Hel", "lo"]);
  assert.equal(await stream.text, "Hello");
  const answer = await stream.final;
  assert.equal(answer.thinking, "Hm.");
  assert.deepEqual(answer.toolCalls, [
    { id: "c1", name: "add", arguments: '{"a":1}', complete: true },
  ]);
  assert.equal(answer.stopReason, "stop");
  assert.equal(answer.usage?.output_tokens, 6);
  assert.equal(answer.metrics.tokens, 2);
  assert.ok((answer.metrics.ttftMs ?? -1) >= 0);
  assert.equal(answer.done?.ttft_ms, 5);
  assert.deepEqual(server.asked[0]?.body, { prompt: "Hi", model: "m", max_tokens: 5 });
  assert.equal(stream.status, "done");
});

test("gives every reader all events, however late it comes", async () => {
  const server = await serve(says(token(1, "a"), token(2, "b"), done(3)));
  const stream = streamText("Hi", { url: server.url });
  await stream.final;
  for (let reader = 0; reader < 2; reader++) {
    const types: string[] = [];
    for await (const event of stream.events()) {
      types.push(event.type);
    }
    assert.deepEqual(types, ["token", "token", "done"]);
  }
});

test("calls back in order, with the frames of the wire beside", async () => {
  const server = await serve(says(token(1, "a"), call(2, "{", false), call(3, "}", true), done(4)));
  const told: string[] = [];
  const statuses: StreamStatus[] = [];
  await streamText("Hi", {
    url: server.url,
    onToken: (text, number) => told.push(`${number}:${text}`),
    onFrame: (frame) => told.push(frame.lines.at(0) ?? ""),
    onStatus: (status) => statuses.push(status),
    onToolCall: (call) => told.push(call.arguments),
    onDone: (answer) => told.push(answer.text),
  }).final;
  assert.deepEqual(told, ["retry: 10", "id: g-1", "1:a", "id: g-2", "id: g-3", "{}", "id: g-4", "a"]);
  assert.deepEqual(statuses, ["waiting", "streaming", "done"]);
});

test("sends the key and headers, and takes them anew for each try", async () => {
  const server = await serve(refuses(503, { message: "busy" }), says(done(1)));
  let asked = 0;
  await streamText("Hi", {
    url: server.url,
    apiKey: "k",
    headers: () => ({ "x-try": String(++asked) }),
    retry: quick,
  }).final;
  assert.equal(server.asked[0]?.headers.authorization, "Bearer k");
  assert.deepEqual(server.asked.map((a) => a.headers["x-try"]), ["1", "2"]);
});

test("asks again before the first event, and says so", async () => {
  const server = await serve(refuses(503, { message: "busy" }), breaksAtOnce, says(token(1, "a"), done(2)));
  const statuses: [StreamStatus, string | undefined][] = [];
  const stream = streamText("Hi", {
    url: server.url,
    retry: quick,
    onStatus: (status, why) => statuses.push([status, why?.message]),
  });
  assert.equal(await stream.text, "a");
  assert.equal(server.asked.length, 3);
  const waits = statuses.filter(([status]) => status === "retrying").map(([, why]) => why);
  assert.equal(waits[0], "busy");
  assert.match(waits[1] ?? "", /broke|ended/);
  assert.equal(waits.length, 2);
  assert.deepEqual(statuses.at(-1), ["done", undefined]);
});

test("does not ask again where that cannot help", async () => {
  const server = await serve(refuses(401, { code: "invalid_api_key", message: "Which key?" }));
  const failure = await streamText("Hi", { url: server.url }).final.catch((e: unknown) => e);
  assert.ok(failure instanceof StreamError);
  assert.equal(failure.status, 401);
  assert.equal(failure.code, "invalid_api_key");
  assert.equal(failure.message, "Which key?");
  assert.equal(server.asked.length, 1);
});

test("gives up after as many tries as it was told, with the last failure", async () => {
  const server = await serve(refuses(429, { message: "slowly" }, { "retry-after": "0" }));
  const failure = await streamText("Hi", { url: server.url, retry: { tries: 2 } }).final.catch(
    (e: unknown) => e,
  );
  assert.ok(failure instanceof StreamError);
  assert.equal(failure.status, 429);
  assert.equal(failure.retryAfterMs, 0);
  assert.equal(server.asked.length, 3);
});

test("comes back to a stream that broke, behind the last frame it heard, without loss", async () => {
  const gates = { b: new Gate(), c: new Gate() };
  const server = await serve(
    breaks(gates.b, token(1, "a"), token(2, "b"), 'id: g-3\ndata: {"type":"tok'),
    breaks(gates.c, token(3, "c")),
    says(token(4, "d"), done(5)),
  );
  const statuses: StreamStatus[] = [];
  const stream = streamText(
    { prompt: "Hi" },
    {
      url: server.url,
      resume: quick,
      onStatus: (status) => statuses.push(status),
      onToken: (text) => gates[text as "b" | "c"]?.open(),
    },
  );
  assert.equal(await stream.text, "abcd");
  assert.deepEqual(server.asked.map((a) => a.lastEventId), ["", "g-2", "g-3"]);
  assert.deepEqual(server.asked[2]?.body, { prompt: "Hi" });
  assert.deepEqual(statuses.filter((status) => status === "resuming").length, 2);
});

test("says that an answer was cut off when nothing is left of it", async () => {
  const heard = new Gate();
  const server = await serve(breaks(heard, token(1, "a")), (response) => {
    response.writeHead(204).end();
  });
  const stream = streamText("Hi", {
    url: server.url,
    resume: { ...quick, tries: 1 },
    onToken: heard.open,
  });
  const failure = await stream.final.catch((e: unknown) => e);
  assert.ok(failure instanceof StreamError);
  assert.equal(failure.code, "truncated");
  assert.equal(stream.partial.text, "a");
});

test("comes back to a stream that broke before its first event", async () => {
  const heard = new Gate();
  const server = await serve(
    breaks(heard, "id: g-0\n\n"),
    refuses(503, { message: "busy" }),
    says(token(1, "a"), done(2)),
  );
  const onFrame = ({ id }: { id: string }) => id !== "" && heard.open();
  const stream = streamText("Hi", { url: server.url, retry: quick, onFrame });
  assert.equal(await stream.text, "a");
  assert.deepEqual(server.asked.map((a) => a.lastEventId), ["", "g-0", ""]);
});

test("does not come back to a stream that has no ids", async () => {
  const heard = new Gate();
  const server = await serve(breaks(heard, 'data: {"type":"token","text":"a","token_num":1}\n\n'));
  const stream = streamText("Hi", { url: server.url, resume: quick, onToken: heard.open });
  await assert.rejects(stream.text);
  assert.equal(server.asked.length, 1);
});

test("an error within the stream is told once, with what came before it", async () => {
  const server = await serve(
    says(token(1, "a"), frame(2, { type: "error", code: "overloaded", message: "Too busy." })),
  );
  const failures: unknown[] = [];
  const stream = streamText("Hi", { url: server.url, onError: (failure) => failures.push(failure) });
  await assert.rejects(stream.text, { name: "StreamError", code: "overloaded", message: "Too busy." });
  await assert.rejects(
    async () => {
      for await (const _ of stream) {
        // The tokens come first.
      }
    },
    { code: "overloaded" },
  );
  assert.equal(stream.partial.text, "a");
  assert.equal(failures.length, 1);
  assert.equal(server.asked.length, 1);
});

/** Answers with these frames and stays; to a request to stop, with 204. `stopped` resolves with that request. */
function stoppable(...frames: string[]): { scene: Scene; stopped: Promise<Asked>; left: Promise<void> } {
  let stop: (asked: Asked) => void = () => undefined;
  let leave: () => void = () => undefined;
  const stopped = new Promise<Asked>((resolve) => (stop = resolve));
  const left = new Promise<void>((resolve) => (leave = resolve));
  const scene: Scene = (response, asked) => {
    if (asked.method === "DELETE") {
      response.writeHead(204).end();
      stop(asked);
    } else {
      response.on("close", leave);
      begin(response).write(frames.join(""));
    }
  };
  return { scene, stopped, left };
}

test("stop ends the connection and the model, and keeps what came", async () => {
  const { scene, stopped, left } = stoppable("id: g-0\n\n", token(1, "a"));
  const server = await serve(scene);
  const stream = streamText("Hi", { url: server.url, apiKey: "k", onToken: () => stream.stop() });
  const answer = await stream.final;
  assert.equal(answer.text, "a");
  assert.equal(answer.stopReason, "stopped");
  assert.equal(stream.status, "stopped");
  await left;
  const asked = await stopped;
  assert.equal(asked.lastEventId, "g-1");
  assert.equal(asked.headers.authorization, "Bearer k");
  assert.equal(server.asked.length, 2);
});

test("whatever else ends a stream here ends it at the model", async () => {
  const abort = new AbortController();
  const ways: ((url: string) => Promise<unknown>)[] = [
    (url) => streamText("Hi", { url, signal: abort.signal, onToken: () => abort.abort() }).final,
    async (url) => {
      for await (const _ of streamText("Hi", { url })) {
        break;
      }
    },
    (url) => {
      const onToken = () => {
        throw new RangeError("no");
      };
      return streamText("Hi", { url, onToken }).final;
    },
  ];
  for (const way of ways) {
    const { scene, stopped } = stoppable(token(1, "a"));
    const server = await serve(scene);
    await way(server.url).catch(() => undefined);
    assert.equal((await stopped).lastEventId, "g-1");
    assert.equal(server.asked.length, 2);
  }
});

test("a stream that has ended, or was never there, is not stopped", async () => {
  const server = await serve(says(token(1, "a"), done(2)));
  const whole = streamText("Hi", { url: server.url });
  await whole.final;
  whole.stop();
  const early = streamText("Hi", { url: server.url });
  early.stop();
  await early.final;
  await streamText("Hi", { url: server.url }).final;
  assert.deepEqual(server.asked.filter((asked) => asked.method === "DELETE"), []);
});

test("a stop that does not reach the gateway is no failure", async () => {
  const server = await serve((response, asked) => {
    if (asked.method === "DELETE") {
      response.destroy();
    } else {
      begin(response).write(token(1, "a"));
    }
  });
  const headers = () => {
    if (server.asked.length > 0) {
      throw new RangeError("no key any more");
    }
    return {};
  };
  for (const options of [{}, { headers }]) {
    server.asked.length = 0;
    const stream = streamText("Hi", { url: server.url, ...options, onToken: () => stream.stop() });
    assert.equal((await stream.final).text, "a");
  }
});

test("leaving a loop stops the stream", async () => {
  const server = await serve(staysAfter(token(1, "a"), token(2, "b")));
  const stream = streamText("Hi", { url: server.url });
  for await (const text of stream) {
    assert.equal(text, "a");
    break;
  }
  assert.equal(stream.status, "stopped");
});

test("an abort rejects with the signal's own reason, at any time", async () => {
  const server = await serve(staysAfter(token(1, "a")));
  const reason = new Error("changed my mind");
  const early = streamText("Hi", { url: server.url, signal: AbortSignal.abort(reason) });
  await assert.rejects(early.text, reason);
  const abort = new AbortController();
  const late = streamText("Hi", {
    url: server.url,
    signal: abort.signal,
    onToken: () => abort.abort(reason),
  });
  await assert.rejects(late.final, reason);
  assert.equal(late.status, "failed");
  assert.equal(late.partial.text, "a");
});

test("an abort ends the wait for another try", async () => {
  const server = await serve(refuses(503, { message: "busy" }));
  const abort = new AbortController();
  const stream = streamText("Hi", {
    url: server.url,
    signal: abort.signal,
    retry: { firstMs: 3_600_000, mostMs: 3_600_000 },
    onStatus: (status) => {
      if (status === "retrying") {
        abort.abort();
      }
    },
  });
  await assert.rejects(stream.final, { name: "AbortError" });
});

test("gives a connection up that brings nothing at all", async () => {
  const server = await serve((response, asked) => {
    const scene = asked.lastEventId === "" ? staysAfter(token(1, "a")) : says(token(2, "b"), done(3));
    return scene(response, asked);
  });
  const patient = { tries: 1_000, firstMs: 1 };
  const stream = streamText("Hi", {
    url: server.url,
    silenceMs: 100,
    retry: patient,
    resume: patient,
  });
  assert.equal(await stream.text, "ab");
  assert.equal(server.asked.at(-1)?.lastEventId, "g-1");
});

test("says what it was given when that is no stream", async () => {
  const server = await serve((response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<p>Hello");
  });
  await assert.rejects(streamText("Hi", { url: server.url }).text, {
    code: "malformed",
    message: /text\/html/,
  });
  const other = await serve(says("id: 1\ndata: [DONE]\n\n"));
  await assert.rejects(streamText("Hi", { url: other.url }).text, {
    code: "malformed",
    message: /\[DONE\]/,
  });
});

test("a callback that throws ends the stream with what it threw", async () => {
  const server = await serve(staysAfter(token(1, "a")));
  const stream = streamText("Hi", {
    url: server.url,
    onToken: () => {
      throw new RangeError("no");
    },
  });
  await assert.rejects(stream.text, RangeError);
});

test("passes on what a later gateway may say", async () => {
  const server = await serve(says(frame(1, { type: "citation", url: "x" }), done(2)));
  const types: string[] = [];
  await streamText("Hi", { url: server.url, onEvent: (event) => types.push(event.type) }).final;
  assert.deepEqual(types, ["citation", "done"]);
});

test("a gateway that cannot be reached is a failure of the network", async () => {
  const server = await serve();
  const { url } = server;
  await servers.pop()?.close();
  await assert.rejects(streamText("Hi", { url, retry: { tries: 1, firstMs: 1 } }).text, {
    code: "network",
  });
});

test("what cannot be asked from here is said at once", () => {
  assert.throws(() => streamText("Hi"), /TypeError: url: \/stream \(expected: a whole one/);
  const settings = { url: "http://127.0.0.1:1/stream", transport: "eventsource" } as const;
  if (globalThis.EventSource === undefined) {
    assert.throws(() => streamText("Hi", settings), /there is no EventSource here/);
  }
});

test("a conversation and further fields go by fetch, and never by EventSource", async () => {
  const server = await serve(says(done(1)));
  const messages = [{ role: "user" as const, content: "Hi" }];
  await streamText({ messages, extra: { seed: 7 } }, { url: server.url }).final;
  assert.deepEqual(server.asked[0]?.body, { messages, seed: 7 });
  assert.throws(
    () => streamText({ messages }, { url: server.url, transport: "eventsource" }),
    TypeError,
  );
});
