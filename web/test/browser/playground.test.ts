import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { CuttingProxy } from "./cutting-proxy.js";
import { noChromium, openBrowser, openPage, picture, type Opened } from "./chromium.js";

/** A gateway with the simulated model, and one that wants a key. */
const gateway = process.env["SLUICE_URL"];
const keyed = process.env["SLUICE_KEYED_URL"];
const key = process.env["SLUICE_KEY"] ?? "";

const options = {
  skip: noChromium || (gateway === undefined && "no gateway: SLUICE_URL says where one is"),
};

let browser: Browser;

before(async () => {
  if (options.skip === false) {
    browser = await openBrowser();
  }
});

after(() => browser?.close());

interface Wanted extends BrowserContextOptions {
  readonly models?: readonly string[];
  readonly compare?: boolean;
  readonly wire?: boolean;
  readonly url?: string | undefined;
}

/** Opens the playground as somebody who was there before, with these models. */
async function open(wanted: Wanted = {}): Promise<Opened> {
  const { models = ["simulated/text", ""], compare = false, wire = false, url, ...context } = wanted;
  const opened = await openPage(browser, { viewport: { width: 1280, height: 800 }, ...context });
  await opened.page.addInitScript(
    (settings) => (localStorage["sluice.settings"] ??= JSON.stringify(settings)),
    { models, compare, wire },
  );
  await opened.page.goto(url ?? gateway ?? "");
  return opened;
}

async function ask(page: Page, prompt = "Tell me a story."): Promise<void> {
  await page.fill("#prompt", prompt);
  await page.press("#prompt", "Enter");
}

async function answered(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector<HTMLElement>("#stop-button")?.hidden === true &&
      document.querySelector(".answer") !== null,
  );
}

test("loads from its own origin alone, under a policy that nothing breaks", options, async () => {
  const { page, problems, addresses } = await open({ wire: true });
  const response = await page.reload();
  const policy = response?.headers()["content-security-policy"] ?? "";
  assert.match(policy, /default-src/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
  await page.waitForSelector("optgroup[label=simulated]", { state: "attached" });
  await ask(page);
  await answered(page);
  await page.click("#code-button");
  await page.click("#code-close");
  assert.deepEqual(problems, []);
  const origin = new URL(page.url()).origin;
  assert.deepEqual(addresses.filter((address) => new URL(address).origin !== origin), []);
});

test("a token is appended to a text node, and nothing else is touched", options, async () => {
  const { page } = await open({ models: ["simulated/n400-i1-t100", ""] });
  await page.evaluate(() => {
    const seen = { texts: 0, nodes: 0 };
    new MutationObserver((records) => {
      for (const record of records) {
        if ((record.target.parentElement ?? (record.target as Element)).closest(".prose")) {
          seen.texts += record.type === "characterData" ? 1 : 0;
          seen.nodes += record.addedNodes.length + record.removedNodes.length;
        }
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { seen });
  });
  await ask(page);
  await answered(page);
  const { texts, nodes } = await page.evaluate(
    () => (window as unknown as { seen: { texts: number; nodes: number } }).seen,
  );
  assert.ok(texts > 200, `${texts} pieces of text`);
  assert.ok(nodes < 100, `${nodes} nodes`);
  assert.equal(await page.textContent(".figure:nth-child(3) .value"), "400");
  assert.match((await page.getAttribute(".plot", "aria-label")) ?? "", /400 tokens, first after/);
});

/** How many answers the gateway's models are writing. */
async function running(): Promise<number> {
  const health = (await (await fetch(`${gateway}health`)).json()) as { streams: number };
  return health.streams;
}

test("Esc stops an answer, at the model too, and what came stays", options, async () => {
  const { page } = await open({ models: ["simulated/n100000-i5-t0", ""] });
  await ask(page);
  await page.waitForSelector(".prose p");
  assert.equal(await page.getAttribute(".answer", "aria-busy"), "true");
  const before = await running();
  const stopped = page.waitForResponse((response) => response.request().method() === "DELETE");
  await page.keyboard.press("Escape");
  assert.equal((await stopped).status(), 204);
  assert.equal(await running(), before - 1);
  await answered(page);
  assert.match((await page.textContent(".foot")) ?? "", /^Stopped/);
  assert.equal(await page.getAttribute(".answer", "aria-busy"), null);
  const text = await page.textContent(".prose");
  assert.ok((text ?? "").length > 0);
});

test("thinking is folded, and tool calls are shown", options, async () => {
  const { page } = await open({ models: ["simulated/thinking-tool", ""] });
  await ask(page, "What is the weather in Cologne?");
  await answered(page);
  assert.equal(await page.isVisible(".thinking-text"), false);
  await page.click(".thinking summary");
  assert.equal(await page.isVisible(".thinking-text"), true);
  assert.notEqual(await page.textContent(".thinking-text"), "");
  assert.match((await page.textContent(".call-name")) ?? "", /calls get_weather/);
  JSON.parse((await page.textContent(".call pre")) ?? "");
  await picture(page, "thinking-tool");
});

test("a call is answered in place, and the model goes on with what the tool said", options, async () => {
  const { page, problems } = await open({ models: ["simulated/tool-i0-t0", ""], wire: true });
  await page.click("#parameters-button");
  await page.click("#tools-example");
  await page.click("#parameters-button");
  assert.match((await page.textContent("#parameters-button")) ?? "", /· 1/);
  await ask(page, "What is the weather in Cologne?");
  await answered(page);
  await page.waitForSelector(".result textarea");
  await picture(page, "tool-call");
  await page.click(".results button");
  assert.match((await page.textContent(".result .problem")) ?? "", /Say what the tool answers/);
  await page.fill(".result textarea", '{"celsius": ');
  await page.press(".result textarea", "Control+Enter");
  assert.match((await page.textContent(".result .problem")) ?? "", /no JSON/);
  const sent = page.waitForRequest((request) => request.url().endsWith("/stream"));
  await page.getByLabel("Result of get_weather").fill('{"celsius": 21}');
  await page.press(".result textarea", "Control+Enter");
  const body = (await sent).postDataJSON() as {
    messages: { role: string; tool_calls?: { id: string }[]; tool_call_id?: string; content: string }[];
    tools: unknown[];
  };
  assert.deepEqual(body.messages.map((message) => message.role), ["user", "assistant", "tool"]);
  assert.equal(body.messages[2]?.tool_call_id, body.messages[1]?.tool_calls?.[0]?.id);
  assert.equal(body.messages[2]?.content, '{"celsius": 21}');
  assert.equal(body.tools.length, 1);
  await page.waitForFunction(() => document.querySelectorAll(".foot").length === 2);
  assert.match((await page.textContent(".answer:last-child .prose")) ?? "", /21/);
  await picture(page, "tool-answered");
  await page.reload();
  await page.click("#history-button");
  await page.click(".conversation");
  assert.equal(await page.locator(".call pre").count(), 2);
  assert.equal(await page.locator(".result").count(), 0);
  assert.deepEqual(problems, []);
});

test("a call that was kept can still be answered, or left by asking something else", options, async () => {
  const { page } = await open({ models: ["simulated/parallel-tools-i0-t0", ""] });
  await ask(page);
  await answered(page);
  await page.reload();
  await page.click("#history-button");
  await page.click(".conversation");
  assert.equal(await page.locator(".result textarea").count(), 3);
  const sent = page.waitForRequest((request) => request.url().endsWith("/stream"));
  await ask(page, "Never mind");
  const { messages } = (await sent).postDataJSON() as { messages: { role: string; tool_calls?: unknown }[] };
  assert.deepEqual(messages.map((message) => message.role), ["user", "assistant", "user"]);
  assert.equal(messages[1]?.tool_calls, undefined);
  await page.waitForFunction(() => document.querySelectorAll(".result textarea").length === 3);
});

test("tools that are none are not sent", options, async () => {
  const { page } = await open();
  await page.click("#parameters-button");
  await page.fill("#tools", '[{"name": "x"}]');
  await ask(page);
  assert.match((await page.textContent("#tools-problem")) ?? "", /Each tool is/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "tools");
  assert.equal(await page.locator(".answer").count(), 0);
  await picture(page, "parameters");
});

test("an answer that breaks off keeps what came and offers another try", options, async () => {
  const { page } = await open({ models: ["simulated/error-midway", ""] });
  await ask(page);
  await answered(page);
  assert.match((await page.textContent(".failure-title")) ?? "", /broke off/);
  assert.notEqual(await page.textContent(".prose"), "");
  await page.click(".failure button");
  await page.waitForSelector(".answer[aria-busy]");
  await answered(page);
  assert.equal(await page.locator(".answer").count(), 1);
});

test("an answer goes on after lost connections, nothing lost and nothing twice", options, async () => {
  const proxy = await CuttingProxy.before(gateway ?? "");
  try {
    const { page } = await open({
      url: proxy.url,
      models: ["simulated/count-n300-i20-t0", ""],
      wire: true,
    });
    await ask(page);
    for (const seen of ["30", "150"]) {
      await page.waitForFunction(
        (seen) => document.querySelector(".prose")?.textContent?.includes(` ${seen} `),
        seen,
      );
      proxy.cut();
    }
    await page.waitForSelector(".foot");
    const counted = (await page.textContent(".prose"))?.trim().split(/\s+/).map(Number);
    assert.deepEqual(counted, Array.from({ length: 300 }, (_, i) => i + 1));
    assert.match((await page.textContent(".frames")) ?? "", /coming back/);
  } finally {
    await proxy.close();
  }
});

test("a model that is not there is said to be none", options, async () => {
  const { page } = await open({ models: ["simulated/nonsense", ""] });
  await ask(page);
  await answered(page);
  assert.match((await page.textContent(".failure")) ?? "", /There is no such model/);
});

test("any name can be asked for", options, async () => {
  const { page } = await open();
  await page.selectOption(".picker select", { label: "Another name …" });
  await page.fill(".picker input", "simulated/count-n12-i0-t0");
  await page.press(".picker input", "Tab");
  await ask(page);
  await answered(page);
  assert.match((await page.textContent(".prose")) ?? "", /12/);
});

test("the field for a name stands on the page, however narrow it is", options, async () => {
  for (const width of [360, 1280]) {
    const { page } = await open({ viewport: { width, height: 740 } });
    await page.waitForSelector("optgroup", { state: "attached" });
    await page.selectOption(".picker select", { label: "Another name …" });
    const box = await page.locator(".picker input").boundingBox();
    assert.ok(box !== null && box.width >= 120 && box.x + box.width <= width, JSON.stringify(box));
  }
});

test("the examples are such as the model can meet", options, async () => {
  const { page } = await open({ models: ["local/sluice-demo", ""] });
  await page.waitForSelector("optgroup", { state: "attached" });
  assert.equal(await page.textContent(".example"), "What is Sluice?");
  await page.selectOption(".picker select", "simulated/echo");
  assert.equal(await page.textContent(".example"), "Why is the sky blue?");
  await page.click(".example");
  await answered(page);
  assert.match((await page.textContent(".prose")) ?? "", /sky blue/);
});

test("who waits for another try is told why", options, async () => {
  const { page } = await open({ models: ["simulated/error-overloaded-t0", ""] });
  await ask(page);
  await page.waitForSelector(".answer > .note");
  assert.match((await page.textContent(".answer > .note")) ?? "", /too much to do.*Asking again/);
  await page.keyboard.press("Escape");
  await answered(page);
});

test(
  "a gateway that wants a key is given one, for this tab alone",
  { skip: options.skip || (keyed === undefined && "SLUICE_KEYED_URL is not set") },
  async () => {
    const { page } = await open({ url: keyed });
    await page.waitForSelector(".notice input[type=password]");
    await ask(page);
    await page.waitForSelector(".answer .key-field");
    await picture(page, "key");
    await page.fill(".answer .key-field input", key);
    await page.press(".answer .key-field input", "Enter");
    await page.waitForSelector(".foot");
    assert.equal(await page.locator(".failure").count(), 0);
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.equal(kept.includes(key), false);
    await page.click("#code-button");
    assert.equal(((await page.textContent("#code-text")) ?? "").includes(key), false);
    await page.click("#code-close");
    await page.click("#key-button");
    assert.equal(await page.inputValue("#key"), key);
    await page.fill("#key", "wrong");
    await page.press("#key", "Enter");
    await page.waitForSelector(".notice .key-field");
  },
);

test("two models answer one prompt side by side", options, async () => {
  const { page, problems } = await open({
    models: ["simulated/n60-i10-t50", "simulated/count-n30-i20-t150"],
    compare: true,
    wire: true,
  });
  await ask(page);
  await page.waitForFunction(() => document.querySelectorAll(".prose").length === 2);
  await picture(page, "side-by-side");
  await answered(page);
  const feet = await page.locator(".foot").allTextContents();
  assert.equal(feet.filter((foot) => foot.startsWith("Complete")).length, 2);
  const [left, right] = await page.locator(".prose").allTextContents();
  assert.notEqual(left, right);
  assert.deepEqual(problems, []);
});

test("the wire shows the request and every frame", options, async () => {
  const { page } = await open({ models: ["simulated/n20-i0-t0", ""], wire: true });
  await ask(page);
  await answered(page);
  await page.waitForFunction(() => document.querySelector(".frames")?.textContent?.includes('"done"'));
  const wire = (await page.textContent(".frames")) ?? "";
  assert.match(wire, /POST \/stream/);
  assert.match(wire, /retry: \d+/);
  assert.match(wire, /"type":"token"/);
  assert.match((await page.textContent(".wire-count")) ?? "", /\d+ frames/);
});

test("a wire that is opened late shows what came last, and goes on with it", options, async () => {
  const { page } = await open({ models: ["simulated/n300-i10-t0", ""] });
  await ask(page);
  await page.waitForFunction(() => Number(document.querySelectorAll(".frame").length) > 60);
  await page.click("#wire-button");
  const atEnd = () => {
    const frames = document.querySelector(".frames");
    return (
      frames?.textContent?.includes('"done"') === true &&
      frames.scrollTop > 1_000 &&
      frames.scrollHeight - frames.scrollTop - frames.clientHeight < 40
    );
  };
  await page.waitForFunction(atEnd);
  await page.click("#history-button");
  await page.waitForFunction(atEnd);
  await page.setViewportSize({ width: 900, height: 700 });
  await page.waitForFunction(atEnd);
});

test("conversations outlast the page, go on with all that was said, and can be deleted", options, async () => {
  const { page } = await open({ models: ["simulated/echo-i0-t0", ""] });
  await ask(page, "The first thing");
  await answered(page);
  await page.reload();
  await page.click("#history-button");
  await page.click(".conversation");
  assert.match((await page.textContent(".prose")) ?? "", /The first thing/);
  const sent = page.waitForRequest((request) => request.url().endsWith("/stream"));
  await ask(page, "The second thing");
  const { messages } = (await sent).postDataJSON() as { messages: { role: string }[] };
  assert.deepEqual(messages.map((message) => message.role), ["user", "assistant", "user"]);
  await page.waitForFunction(() => document.querySelectorAll(".foot").length === 2);
  assert.equal(await page.locator(".conversation").count(), 1);
  await page.hover(".history li");
  await page.click(".delete");
  await page.waitForSelector(".welcome");
  assert.equal(await page.locator(".conversation").count(), 0);
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...localStorage })), /first thing/);
});

test("system prompt and parameters go with the request", options, async () => {
  const { page } = await open({ models: ["simulated/n50-i0-t0", ""] });
  await page.click("#parameters-button");
  await page.fill("#system", "Be brief.");
  await page.fill("#max-tokens", "5");
  await page.fill("#temperature", "0.2");
  const sent = page.waitForRequest((request) => request.url().endsWith("/stream"));
  await ask(page, "Hi");
  assert.deepEqual((await sent).postDataJSON(), {
    prompt: "Hi",
    model: "simulated/n50-i0-t0",
    system: "Be brief.",
    max_tokens: 5,
    temperature: 0.2,
  });
  await answered(page);
  assert.match((await page.textContent(".foot")) ?? "", /^Cut/);
});

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("an image goes with the prompt", options, async () => {
  const { page, problems } = await open({ models: ["simulated/echo-i0-t0", ""] });
  const buffer = Buffer.from(PIXEL, "base64");
  await page.setInputFiles("#image-input", { name: "dot.png", mimeType: "image/png", buffer });
  await page.waitForSelector("#images canvas");
  await ask(page, "What is in it?");
  await answered(page);
  assert.match((await page.textContent(".prose")) ?? "", /image/);
  assert.equal(await page.locator(".asked canvas").count(), 1);
  await page.reload();
  await page.click("#history-button");
  await page.click(".conversation");
  await page.waitForSelector(".asked canvas");
  const sent = page.waitForRequest((request) => request.url().endsWith("/stream"));
  await ask(page, "And now?");
  assert.ok((await sent).postData()?.includes(PIXEL), "the image is still in the conversation");
  await page.waitForFunction(() => document.querySelectorAll(".foot").length === 2);
  const kept = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const opening = indexedDB.open("sluice.pictures");
          opening.onsuccess = () => {
            const count = opening.result.transaction("pictures").objectStore("pictures").count();
            count.onsuccess = () => resolve(count.result);
          };
        }),
    );
  assert.equal(await kept(), 1);
  await page.hover(".history li");
  await page.click(".delete");
  await page.waitForSelector(".welcome");
  while ((await kept()) > 0) {
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await page.setInputFiles("#image-input", { name: "no.png", mimeType: "image/png", buffer: Buffer.from("no") });
  await page.waitForFunction(() => document.querySelector("#composer-note")?.textContent !== "");
  assert.match((await page.textContent("#composer-note")) ?? "", /no\.png is broken/);
  assert.deepEqual(problems, []);
});

test("the keyboard reaches everything", options, async () => {
  const { page } = await open();
  await page.press("#prompt", "Shift+Enter");
  assert.equal(await page.inputValue("#prompt"), "\n");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
  await page.keyboard.press("Alt+m");
  assert.equal(await page.evaluate(() => document.activeElement?.localName), "select");
  await page.keyboard.press("Alt+w");
  assert.equal(await page.isVisible(".wire"), true);
  await page.keyboard.press("Alt+c");
  assert.equal(await page.locator(".lane").count(), 2);
  await page.keyboard.press("Alt+h");
  assert.equal(await page.isVisible("#history"), true);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("?");
  assert.equal(await page.isVisible("#help-dialog"), true);
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible("#help-dialog"), false);
  await page.click("#code-button");
  await page.focus("[role=tab][aria-selected=true]");
  await page.keyboard.press("ArrowRight");
  assert.match((await page.textContent("#code-text")) ?? "", /from openai import/);
});

test("everything has a name for those who hear the page, and tokens are not read one by one", options, async () => {
  const { page } = await open({ compare: true, wire: true, models: ["simulated/text", "simulated/tool"] });
  await page.click("#history-button");
  await page.click("#parameters-button");
  await ask(page);
  await answered(page);
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const roles = new Set(["button", "textbox", "combobox", "spinbutton", "log", "img", "article", "region"]);
  const controls = nodes.filter((node) => !node.ignored && roles.has(String(node.role?.value)));
  assert.ok(controls.length > 15);
  const nameless = controls.filter((node) => !["article"].includes(String(node.role?.value)) && !node.name?.value);
  assert.deepEqual(nameless.map((node) => node.role?.value), []);
  const polite = await page.evaluate(() =>
    [...document.querySelectorAll("[aria-live], [role=status], [role=alert], [role=log]")]
      .filter((element) => element.getAttribute("aria-live") !== "off")
      .map((element) => element.id),
  );
  // The one without an id says what is wrong with a tool's result.
  assert.deepEqual(polite.sort(), ["", "announcer", "composer-note", "tools-problem"]);
  assert.match((await page.textContent("#announcer")) ?? "", /simulated\//);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`can be read in ${colorScheme}`, options, async () => {
    const { page } = await open({ colorScheme, models: ["simulated/thinking", ""], wire: true });
    await ask(page);
    await answered(page);
    await page.waitForSelector(".foot");
    await picture(page, colorScheme);
    const ratios = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement("i"));
      const light = (name: string) => {
        probe.style.color = `var(--${name})`;
        const [r = 0, g = 0, b = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
        const linear = (c: number) => (c <= 10.31475 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
      };
      const ratio = (a: string, b: string) => {
        const [low, high] = [light(a), light(b)].sort((x, y) => x - y) as [number, number];
        return (high + 0.05) / (low + 0.05);
      };
      const on = (ground: string) =>
        ["ink", "soft", "water", "alarm"].map((ink) => [`${ink} on ${ground}`, ratio(ink, ground)] as const);
      return [...on("paper"), ...on("sheet"), ...on("tint"), ["on-water on water", ratio("on-water", "water")] as const];
    });
    for (const [pair, ratio] of ratios) {
      assert.ok(ratio >= 4.5, `${pair}: ${ratio.toFixed(2)}`);
    }
  });
}

test("fits a telephone", options, async () => {
  const { page, problems } = await open({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  });
  await page.waitForSelector("optgroup", { state: "attached" });
  // A telephone makes a page that is too wide smaller: its own width tells.
  const fits = () => page.evaluate(() => innerWidth === 360 && document.documentElement.scrollWidth <= 360);
  assert.equal(await fits(), true);
  await ask(page);
  await answered(page);
  await picture(page, "telephone");
  for (const button of ["#compare-button", "#wire-button", "#parameters-button"]) {
    await page.tap(button);
    assert.equal(await fits(), true, button);
  }
  await picture(page, "telephone-all");
  await page.tap("#history-button");
  await page.tap(".conversation");
  assert.equal(await page.isVisible("#history"), false);
  assert.deepEqual(problems, []);
});
