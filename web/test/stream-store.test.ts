import assert from "node:assert/strict";
import { after, test } from "node:test";
import { StreamStore, type StreamState } from "../client/stream-store.js";
import { PlayServer, done, refuses, says, staysAfter, token } from "./play-server.js";

const servers: PlayServer[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function serve(...scenes: Parameters<typeof PlayServer.start>): Promise<string> {
  const server = await PlayServer.start(...scenes);
  servers.push(server);
  return server.url;
}

test("tells a state that holds the answer and how fast it came", async () => {
  const url = await serve(says(token(1, "a"), token(2, "b"), done(3)));
  const store = new StreamStore();
  assert.equal(store.state().status, "idle");
  const states: StreamState[] = [];
  store.subscribe(() => states.push(store.state()));
  await store.start("Hi", { url }).final;
  const last = states.at(-1);
  assert.equal(last?.response, "ab");
  assert.equal(last?.status, "done");
  assert.equal(last?.tokens, 2);
  assert.equal(last?.stopReason, "stop");
  assert.equal(last?.usage?.output_tokens, 2);
  assert.equal(states[0]?.stopReason, undefined);
  assert.ok((last?.ttft ?? -1) >= 0);
  assert.equal(store.state(), store.state());
});

test("tells a failure together with the state that it leaves", async () => {
  const url = await serve(refuses(400, { message: "no prompt" }));
  const store = new StreamStore();
  const states: StreamState[] = [];
  store.subscribe(() => states.push(store.state()));
  await assert.rejects(store.start("", { url }).final);
  const failed = states.filter((state) => state.status === "failed");
  assert.equal(failed.length, 1);
  assert.match(String(failed[0]?.error), /no prompt/);
});

test("tells thousands of tokens in few changes", async () => {
  const many = Array.from({ length: 5_000 }, (_, i) => token(i + 1, "x"));
  const url = await serve(says(...many, done(5_001)));
  const store = new StreamStore();
  let changes = 0;
  store.subscribe(() => changes++);
  await store.start("Hi", { url }).final;
  assert.equal(store.state().response.length, 5_000);
  assert.ok(changes < 500, `${changes} changes`);
});

test("a stream that another replaces is stopped and has no say any more", async () => {
  const url = await serve(staysAfter(token(1, "old")), says(token(1, "new"), done(2)));
  const store = new StreamStore();
  const first = store.start("Hi", { url });
  for await (const text of first) {
    assert.equal(text, "old");
    const second = store.start("Hi", { url });
    assert.equal((await first.final).stopReason, "stopped");
    await second.final;
    break;
  }
  assert.equal(store.state().response, "new");
  assert.equal(store.state().status, "done");
});
