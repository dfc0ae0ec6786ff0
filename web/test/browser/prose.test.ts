import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { Prose } from "../../playground/prose.js";
import { PlayServer } from "../play-server.js";
import { noChromium, openBrowser, openPage } from "./chromium.js";
import { reactSite } from "./react-site.js";

declare global {
  interface Window {
    Prose: typeof Prose;
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
    page = (await openPage(browser)).page;
    await page.goto(server.origin);
    await page.waitForFunction(() => window.Prose !== undefined);
  }
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const options = { skip: noChromium };

/** The text as it is set, whole, and in pieces of every length. */
async function set(text: string): Promise<string> {
  const all = await page.evaluate((text) => {
    const setInPieces = (length: number) => {
      const root = document.createElement("div");
      const prose = new window.Prose(root);
      for (let at = 0; at < text.length; at += length) {
        prose.append(text.slice(at, at + length));
      }
      prose.end();
      return root.innerHTML;
    };
    return Array.from({ length: text.length }, (_, i) => setInPieces(i + 1));
  }, text);
  for (const [i, html] of all.entries()) {
    assert.equal(html, all.at(-1), `in pieces of ${i + 1}`);
  }
  return all.at(-1) ?? "";
}

test("paragraphs keep their lines, and have code and bold", options, async () => {
  assert.equal(
    await set("One **bold** and `co*de`\nsecond line\n\n\nNext ** not bold ** 2*3"),
    "<p>One <strong>bold</strong> and <code>co*de</code>\nsecond line</p><p>Next ** not bold ** 2*3</p>",
  );
});

test("headings, lists and what follows them", options, async () => {
  assert.equal(
    await set("# Head\nText\n- a\n  - b `c`\n* d\n\n3. three\n4) four\nAfter #5"),
    '<h3>Head</h3><p>Text</p><ul><li>a</li><li class="deep">b <code>c</code></li><li>d</li></ul>' +
      '<ol start="3"><li>three</li><li>four</li></ol><p>After #5</p>',
  );
});

test("code is as it was written, blank lines and markers too", options, async () => {
  assert.equal(
    await set("```java\n# no head\n\n  - `x` **y**\n```\nAfter\n```\nopen"),
    '<pre tabindex="0"><code># no head\n\n  - `x` **y**</code></pre><p>After</p>' +
      '<pre tabindex="0"><code>open</code></pre>',
  );
});

test("markup of the model is text", options, async () => {
  assert.equal(
    await set("<img src=x onerror=alert(1)> & `<b>`"),
    "<p>&lt;img src=x onerror=alert(1)&gt; &amp; <code>&lt;b&gt;</code></p>",
  );
});

test("what could have become a marker is shown when it has not", options, async () => {
  assert.equal(await set("- "), "<ul><li></li></ul>");
  assert.equal(await set("``"), "<p>``</p>");
  assert.equal(await set("#"), "<p>#</p>");
  assert.equal(await set("1"), "<p>1</p>");
  assert.equal(await set("-5 degrees"), "<p>-5 degrees</p>");
});
