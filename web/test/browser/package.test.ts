import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type * as Sluice from "../../client/index.js";
import type { UseStream } from "../../client/react.js";
import {
  Gate,
  PlayServer,
  begin,
  breaks,
  done,
  frame,
  refuses,
  says,
  token,
  type Asked,
} from "../play-server.js";
import { noChromium, openBrowser, openPage } from "./chromium.js";
import { reactSite } from "./react-site.js";

declare global {
  interface Window {
    sluice: typeof Sluice;
    heard: (text: string) => void;
    // The parts of React that the page uses, which has no types in the browser.
    react: { createElement: Function; createRoot: Function };
    useStream: () => UseStream;
    used: UseStream;
    renderings: number;
  }
}

let browser: Browser;
let server: PlayServer;
let page: Page;

before(async () => {
  if (noChromium === false) {
    browser = await openBrowser();
    server = await PlayServer.start();
    server.files = reactSite;
  }
});

beforeEach(async () => {
  if (noChromium === false) {
    const opened = await openPage(browser);
    page = opened.page;
    await page.goto(server.origin);
    await page.waitForFunction(() => window.sluice !== undefined);
  }
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const options = { skip: noChromium };

/** Opens a gate when the page has heard a token. */
async function openWhenHeard(gates: Readonly<Record<string, Gate>>): Promise<void> {
  await page.exposeFunction("heard", (text: string) => gates[text]?.open());
}

test("fetch: tokens come one by one, in characters that are whole", options, async () => {
  const bytes = Buffer.from(token(1, "„Grüße“ ") + token(2, "🎉") + done(3));
  server.play(async (response) => {
    begin(response);
    for (const byte of bytes) {
      response.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  });
  const tokens = await page.evaluate(async () => {
    const heard: string[] = [];
    for await (const text of window.sluice.streamText("Hi")) {
      heard.push(text);
    }
    return heard;
  });
  assert.deepEqual(tokens, ["„Grüße“ ", "🎉"]);
});

test("fetch: comes back to a stream that broke, without loss", options, async () => {
  const b = new Gate();
  await openWhenHeard({ b });
  server.play(breaks(b, token(1, "a"), token(2, "b")), says(token(3, "c"), done(4)));
  const text = await page.evaluate(
    () => window.sluice.streamText("Hi", { resume: { firstMs: 1 }, onToken: window.heard }).text,
  );
  assert.equal(text, "abc");
  assert.deepEqual(server.asked.map((asked) => asked.lastEventId), ["", "g-2"]);
});

/** Answers with one token and stays, or with 204 to a request to stop, which `stopped` resolves with. */
function playStoppable(): { stopped: Promise<Asked>; left: Promise<void> } {
  let stop: (asked: Asked) => void = () => undefined;
  let leave: () => void = () => undefined;
  const stopped = new Promise<Asked>((resolve) => (stop = resolve));
  const left = new Promise<void>((resolve) => (leave = resolve));
  server.play((response, asked) => {
    if (asked.method === "DELETE") {
      response.writeHead(204).end();
      stop(asked);
    } else {
      response.on("close", leave);
      begin(response).write(token(1, "a"));
    }
  });
  return { stopped, left };
}

for (const transport of ["fetch", "eventsource"] as const) {
  test(`${transport}: an abort closes the connection, and stops the model`, options, async () => {
    const { stopped, left } = playStoppable();
    const name = await page.evaluate(async (transport) => {
      const abort = new AbortController();
      const stream = window.sluice.streamText("Hi", {
        transport,
        signal: abort.signal,
        onToken: () => abort.abort(),
      });
      return stream.text.catch((failure: Error) => failure.name);
    }, transport);
    assert.equal(name, "AbortError");
    await left;
    assert.equal((await stopped).lastEventId, "g-1");
  });
}

test("fetch: a stop reaches the gateway though the page is left in the same moment", options, async () => {
  const { stopped } = playStoppable();
  await page.evaluate(() => {
    const stream = window.sluice.streamText("Hi", {
      onToken: () => {
        stream.stop();
        location.href = "about:blank";
      },
    });
  });
  assert.equal((await stopped).lastEventId, "g-1");
});

test("fetch: a refusal says why", options, async () => {
  server.play(refuses(401, { code: "unauthenticated", message: "Which key?" }));
  const told = await page.evaluate(() =>
    window.sluice.streamText("Hi").text.catch((failure: Sluice.StreamError) => ({
      status: failure.status,
      message: failure.message,
    })),
  );
  assert.deepEqual(told, { status: 401, message: "Which key?" });
});

test("EventSource: asks in the address, and ends with the answer", options, async () => {
  server.play(says(token(1, "a"), frame(2, { type: "thinking", text: "t" }), done(3)));
  const answer = await page.evaluate(
    () =>
      window.sluice.streamText(
        { prompt: "What? & why?", model: "m", maxTokens: 5 },
        { transport: "eventsource" },
      ).final,
  );
  assert.equal(answer.text, "a");
  assert.equal(answer.thinking, "t");
  assert.equal(server.asked.length, 1);
  assert.equal(server.asked[0]?.method, "GET");
  assert.deepEqual(Object.fromEntries(server.asked[0]?.url.searchParams ?? []), {
    prompt: "What? & why?",
    model: "m",
    max_tokens: "5",
  });
});

test("EventSource: the browser comes back by itself, without loss", options, async () => {
  const [a, b] = [new Gate(), new Gate()];
  await openWhenHeard({ a, b });
  server.play(breaks(a, token(1, "a")), breaks(b, token(2, "b")), says(token(3, "c"), done(4)));
  const text = await page.evaluate(
    () => window.sluice.streamText("Hi", { transport: "eventsource", onToken: window.heard }).text,
  );
  assert.equal(text, "abc");
  assert.deepEqual(server.asked.map((asked) => asked.lastEventId), ["", "g-1", "g-2"]);
});

test("EventSource: a refusal is a failure, and so is an error in the stream", options, async () => {
  const codeOf = () =>
    page.evaluate(() =>
      window.sluice
        .streamText("Hi", { transport: "eventsource" })
        .text.catch((failure: Sluice.StreamError) => failure.code),
    );
  server.play(refuses(401, { message: "no" }));
  assert.equal(await codeOf(), "refused");
  server.play(says(token(1, "a"), frame(2, { type: "error", code: "overloaded", message: "No." })));
  assert.equal(await codeOf(), "overloaded");
});

async function mount(): Promise<void> {
  await page.evaluate(() => {
    const { createElement, createRoot } = window.react;
    window.renderings = 0;
    function View() {
      window.used = window.useStream();
      window.renderings++;
      return createElement("p", null, `${window.used.status}: ${window.used.response}`);
    }
    const root = createRoot(document.getElementById("root"));
    root.render(createElement(View));
    Object.assign(window, { unmount: () => root.unmount() });
  });
  await page.waitForFunction(() => document.querySelector("p")?.textContent === "idle: ");
}

test("React: a component shows an answer while it is written, in few renderings", options, async () => {
  const tokens = Array.from({ length: 2_000 }, (_, i) => token(i + 1, "x"));
  server.play(says(...tokens, done(2_001)));
  await mount();
  await page.evaluate(() => window.used.start("Hi").final);
  await page.waitForFunction(() => document.querySelector("p")?.textContent?.startsWith("done: x"));
  const seen = await page.evaluate(() => ({
    length: window.used.response.length,
    ttft: window.used.ttft,
    renderings: window.renderings,
  }));
  assert.equal(seen.length, 2_000);
  assert.ok((seen.ttft ?? -1) >= 0);
  assert.ok(seen.renderings < 500, `${seen.renderings} renderings`);
});

test("React: a component that leaves the page stops its stream", options, async () => {
  const { stopped, left } = playStoppable();
  await mount();
  await page.evaluate(() => void window.used.start("Hi"));
  await page.waitForFunction(() => document.querySelector("p")?.textContent === "streaming: a");
  await page.evaluate(() => (window as unknown as { unmount: () => void }).unmount());
  await left;
  await stopped;
});

test("React: stop keeps what came, and stops the model", options, async () => {
  const { stopped } = playStoppable();
  await mount();
  await page.evaluate(() => void window.used.start("Hi"));
  await page.waitForFunction(() => document.querySelector("p")?.textContent === "streaming: a");
  await page.evaluate(() => window.used.stop());
  await page.waitForFunction(() => document.querySelector("p")?.textContent === "stopped: a");
  await stopped;
});
