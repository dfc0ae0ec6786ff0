import assert from "node:assert/strict";
import { spawnSync, spawn } from "node:child_process";
import { test } from "node:test";
import { StreamError } from "../client/index.js";
import { adviceOn, noteOn } from "../playground/advice.js";
import { Conversations, titleOf, type Conversation } from "../playground/conversations.js";
import { indentJson } from "../playground/indent-json.js";
import { duration, gathered, median } from "../playground/meter.js";
import { firstModel } from "../playground/models.js";
import { Key, SettingsStore } from "../playground/settings.js";
import { LANGUAGES, snippet, type Asked } from "../playground/snippets.js";
import { EXAMPLE, problemOf, readTools } from "../playground/tools.js";
import { PlayServer, done, says, token } from "./play-server.js";

/** A storage as browsers have it, with as much room as is said. */
class Room implements Storage {
  readonly #values = new Map<string, string>();
  readonly #room: number;

  constructor(room = Infinity) {
    this.#room = room;
  }

  get length(): number {
    return this.#values.size;
  }

  key(n: number): string | null {
    return [...this.#values.keys()][n] ?? null;
  }

  getItem(name: string): string | null {
    return this.#values.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    if (value.length > this.#room) {
      throw new DOMException("full", "QuotaExceededError");
    }
    this.#values.set(name, value);
  }

  removeItem(name: string): void {
    this.#values.delete(name);
  }

  clear(): void {
    this.#values.clear();
  }
}

function conversation(id: string, text = ""): Conversation {
  const turn = { prompt: id, images: 0, text, thinking: "", tools: [], end: "end_turn" };
  return { id, title: id, at: 0, system: "", lines: [{ model: "m", turns: [turn] }] };
}

test("conversations are kept, newest first, and found again by the next page", () => {
  const room = new Room();
  const first = new Conversations(room);
  first.put(conversation("a"));
  first.put(conversation("b"));
  first.put(conversation("a", "changed"));
  const next = new Conversations(room);
  assert.deepEqual(next.list().map((c) => c.id), ["a", "b"]);
  assert.equal(next.find("a")?.lines[0]?.turns[0]?.text, "changed");
  next.delete("a");
  assert.deepEqual(new Conversations(room).list().map((c) => c.id), ["b"]);
  next.deleteAll();
  assert.equal(room.length, 0);
});

test("what another tab has kept since is not lost", () => {
  const room = new Room();
  const one = new Conversations(room);
  const other = new Conversations(room);
  one.put(conversation("a"));
  other.put(conversation("b"));
  assert.deepEqual(new Conversations(room).list().map((c) => c.id), ["b", "a"]);
});

test("the oldest conversations leave when there are too many or no room is left", () => {
  const many = new Conversations(new Room());
  for (let i = 0; i < 60; i++) {
    many.put(conversation(`c${i}`));
  }
  assert.equal(many.list().length, 50);
  assert.equal(many.list()[0]?.id, "c59");
  const large = new Conversations(new Room());
  for (let i = 0; i < 5; i++) {
    large.put(conversation(`c${i}`, "x".repeat(700_000)));
  }
  assert.deepEqual(large.list().map((c) => c.id), ["c4", "c3"]);
  const narrow = new Conversations(new Room(1_000));
  for (let i = 0; i < 5; i++) {
    narrow.put(conversation(`c${i}`, "x".repeat(300)));
  }
  assert.deepEqual(narrow.list().map((c) => c.id), ["c4", "c3"]);
});

test("what is no list of conversations is none", () => {
  for (const broken of ["{", "7", "[null,{\"id\":1}]", "[{\"id\":\"a\",\"title\":\"b\",\"lines\":[null]}]"]) {
    const room = new Room();
    room.setItem("sluice.conversations", broken);
    assert.equal(new Conversations(room).list().length, 0, broken);
  }
});

test("without a storage everything lasts while the page is open", () => {
  const conversations = new Conversations(undefined);
  conversations.put(conversation("a"));
  assert.equal(conversations.list().length, 1);
  assert.equal(conversations.kept, false);
  const settings = new SettingsStore(undefined);
  settings.set({ wire: true });
  assert.equal(settings.now.wire, true);
  const key = new Key(undefined);
  key.set(" k ");
  assert.equal(key.now, "k");
});

test("settings of the wrong kind are those of a first visit", () => {
  const room = new Room();
  room.setItem("sluice.settings", JSON.stringify({ models: "m", wire: true, compare: 1, other: 2 }));
  const settings = new SettingsStore(room).now;
  assert.deepEqual(settings.models, []);
  assert.equal(settings.wire, true);
  assert.equal(settings.compare, false);
  assert.equal("other" in settings, false);
});

test("an empty key is no key, and is not kept", () => {
  const room = new Room();
  const key = new Key(room);
  key.set("secret");
  assert.equal(new Key(room).now, "secret");
  key.set("");
  assert.equal(room.length, 0);
});

test("tools are read as they are written, and what is no tool is said to be none", () => {
  assert.deepEqual(readTools(" \n"), []);
  assert.equal(readTools(EXAMPLE)[0]?.function.name, "get_weather");
  assert.equal(readTools('{"type":"function","function":{"name":"x"}}').length, 1);
  assert.throws(() => readTools("[{"), /This is no JSON/);
  for (const wrong of ["7", "null", "[null]", '[{"name":"x"}]', '[{"type":"function","function":{}}]']) {
    assert.throws(() => readTools(wrong), /Each tool is/, wrong);
  }
  assert.equal(problemOf('{"a": 1}'), "");
  assert.equal(problemOf("21 degrees"), "");
  assert.match(problemOf(" "), /Say what/);
  assert.match(problemOf('{"a": '), /no JSON/);
});

test("a title is the begin of the prompt, in one line", () => {
  assert.equal(titleOf("  Why\nis the sky   blue? "), "Why is the sky blue?");
  assert.equal(titleOf("x".repeat(100)).length, 60);
});

test("every failure is advice that says what to do", () => {
  const cases: [StreamError, boolean, RegExp][] = [
    [new StreamError("unauthenticated", "no key", { status: 401 }), false, /wants a key.*this tab/],
    [new StreamError("forbidden", "not you", { status: 403 }), false, /allowed: Not you\./],
    [new StreamError("not_found", "m is not found", { status: 404 }), false, /model.*Choose another/],
    [new StreamError("rate", "slowly", { status: 429, retryAfterMs: 1_200 }), false, /in 2 seconds/],
    [new StreamError("rate", "try again in 2 s", { status: 429, retryAfterMs: 2_000 }), false, /: Try again in 2 s\.$/],
    [new StreamError("down", "no upstream", { status: 503 }), false, /reached.*in a moment/],
    [new StreamError("network", "x"), false, /sluice serve/],
    [new StreamError("network", "x"), true, /still running/],
    [new StreamError("gone", "no such stream", { status: 404 }), true, /broke off.*No such stream/],
    [new StreamError("upstream", "it broke"), true, /broke off.*It broke\./],
    [new StreamError("odd", "what", { status: 418 }), false, /418.*What\./],
  ];
  for (const [failure, begun, expected] of cases) {
    const advice = adviceOn(failure, begun, false);
    assert.match(`${advice.title}: ${advice.what}`, expected);
    assert.equal(advice.wantsKey, failure.status === 401);
  }
  assert.match(adviceOn(new RangeError("odd"), false, false).what, /Reload/);
  const wrong = new StreamError("unauthenticated", "no", { status: 401 });
  assert.match(adviceOn(wrong, false, true).title, /does not know this key/);
});

test("a wait says what it is for", () => {
  const busy = new StreamError("overloaded", "the model has too much to do", { status: 503 });
  assert.equal(noteOn("retrying", busy), "The model has too much to do. Asking again\u00a0…");
  assert.match(noteOn("retrying", new StreamError("network", "x")), /gateway is not reached.*again/);
  assert.match(noteOn("resuming", busy), /coming back/);
  assert.equal(noteOn("streaming", undefined), "");
});

test("the first model is a real one where there is any", () => {
  assert.equal(firstModel(["simulated/text", "ollama/llama3.2"]), "ollama/llama3.2");
  assert.equal(firstModel(["simulated/count"]), "simulated/count");
  assert.equal(firstModel(["a/1", "b/2"], ["a/1"]), "b/2");
  assert.equal(firstModel(["a/1"], ["a/1"]), "a/1");
  assert.equal(firstModel([]), "");
});

test("times between tokens are gathered by their largest", () => {
  assert.deepEqual(gathered([1, 9, 2, 3, 8, 1], 3), [9, 3, 8]);
  assert.deepEqual(gathered([1, 2], 3), [1, 2]);
  assert.equal(median([5, 1, 9]), 5);
  assert.equal(median([]), undefined);
  assert.deepEqual([3.21, 42.4, 1_234, 12_345].map(duration), ["3.2 ms", "42 ms", "1.23 s", "12.3 s"]);
});

test("JSON is broken into lines, and no value is changed", () => {
  const text = '{"a": [1,2.50,{}],"b":"x: {y}, \\"z\\"","n":12345678901234567890,"e":[]}';
  const lines = indentJson(text);
  assert.deepEqual(JSON.parse(lines), JSON.parse(text));
  assert.match(lines, /^ {2}"n": 12345678901234567890,$/m);
  assert.match(lines, /^ {4}2\.50,$/m);
  assert.equal(indentJson('{"city":"Col'), '{\n  "city": "Col');
  assert.equal(indentJson("not json at all"), "not json at all");
});

const TRICKY = "It's \"7 $HOME\" \\u0041 `x` %s\n„Grüße“ 🎉";

function asked(origin: string, keyed: boolean): Asked {
  return {
    origin,
    keyed,
    request: { model: "simulated/echo", system: TRICKY, prompt: TRICKY, maxTokens: 7, temperature: 0.5 },
  };
}

test("a snippet never holds the key, and holds where the key comes from only when one is wanted", () => {
  for (const language of LANGUAGES) {
    assert.match(snippet(language, asked("http://x", true)), /SLUICE_API_KEY/);
    assert.doesNotMatch(snippet(language, asked("http://x", false)), /SLUICE_API_KEY/);
  }
});

const CALLED: Asked = {
  origin: "http://x",
  keyed: false,
  request: {
    model: "m",
    messages: [
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id: "c1", type: "function", function: { name: "get_weather", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c1", content: '{"rain": true}' },
    ],
    extra: {
      tools: [
        {
          type: "function",
          function: { name: "get_weather", parameters: { additionalProperties: false, default: null } },
        },
      ],
    },
  },
};

test("tools and what they answered are in every snippet", (t) => {
  for (const language of LANGUAGES) {
    assert.match(snippet(language, CALLED), /get_weather[^]*rain|rain[^]*get_weather/, language);
  }
  const check = "import ast, sys; ast.parse(sys.stdin.read())";
  const code = snippet("Python", CALLED);
  assert.match(code, /"additionalProperties": False,\s+"default": None/);
  const python = spawnSync("python3", ["-c", check], { input: code });
  if (python.error !== undefined) {
    t.skip("there is no python3");
    return;
  }
  assert.equal(python.stderr.toString(), "");
});

test("images leave a place in the snippets", () => {
  const url = `data:image/png;base64,${"A".repeat(5_000)}`;
  const content = [
    { type: "text" as const, text: "What is it?" },
    { type: "image_url" as const, image_url: { url } },
  ];
  for (const language of LANGUAGES) {
    const code = snippet(language, {
      origin: "http://x",
      keyed: false,
      request: { model: "m", messages: [{ role: "user", content }] },
    });
    assert.match(code, /data:image\/png;base64,…/);
    assert.ok(code.length < 1_000);
  }
});

function played(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env } });
    let out = "";
    child.stdout.on("data", (piece: Buffer) => (out += piece.toString()));
    child.on("error", reject);
    child.on("close", () => resolve(out));
  });
}

async function checkAsked(run: (origin: string) => Promise<string>, expected: RegExp): Promise<void> {
  const server = await PlayServer.start(says(token(1, "Hel"), token(2, "lo"), done(3)));
  try {
    assert.match(await run(server.origin), expected);
    assert.deepEqual(server.asked[0]?.body, {
      model: "simulated/echo",
      system: TRICKY,
      prompt: TRICKY,
      max_tokens: 7,
      temperature: 0.5,
    });
    assert.equal(server.asked[0]?.headers.authorization, "Bearer secret");
  } finally {
    await server.close();
  }
}

test("the snippet for curl asks exactly that", async (t) => {
  if (spawnSync("curl", ["--version"]).error !== undefined) {
    t.skip("there is no curl");
    return;
  }
  await checkAsked(
    (origin) =>
      played("sh", ["-c", snippet("curl", asked(origin, true))], {
        SLUICE_API_KEY: "secret",
        NO_PROXY: "127.0.0.1",
      }),
    /"text":"Hel"/,
  );
});

test("the snippet for JavaScript asks exactly that, through the package as it is published", async () => {
  await checkAsked(
    (origin) =>
      played(
        process.execPath,
        ["--input-type=module", "-e", snippet("JavaScript", asked(origin, true))],
        { SLUICE_API_KEY: "secret" },
      ),
    /^Hello$/,
  );
});

test("the snippet for Python says exactly that", (t) => {
  const check = `
import ast, json, sys
tree = ast.parse(sys.stdin.read())
calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and n.keywords]
print(json.dumps({k.arg: ast.literal_eval(k.value) for c in calls for k in c.keywords if k.arg in ("messages", "max_tokens", "model")}))`;
  const python = spawnSync("python3", ["-c", check], { input: snippet("Python", asked("http://x", true)) });
  if (python.error !== undefined) {
    t.skip("there is no python3");
    return;
  }
  assert.deepEqual(JSON.parse(python.stdout.toString()), {
    model: "simulated/echo",
    max_tokens: 7,
    messages: [
      { role: "system", content: TRICKY },
      { role: "user", content: TRICKY },
    ],
  });
});

test("the snippet for Java escapes what it quotes", () => {
  const code = snippet("Java", asked("http://x", true));
  assert.ok(code.includes(`.user(${JSON.stringify(TRICKY)})`));
  assert.match(code, /sluice\.stream\("sluice\/simulated\/echo", prompt\)/);
  assert.match(code, /\.maxTokens\(7\)\.temperature\(0\.5\)/);
});
