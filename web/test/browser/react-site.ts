import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { PlayFile } from "../play-server.js";

const require = createRequire(import.meta.url);

// React is published for require() alone; these are its parts, as they are published.
const PARTS = {
  scheduler: "scheduler/cjs/scheduler.production.js",
  react: "react/cjs/react.production.js",
  "react-dom": "react-dom/cjs/react-dom.production.js",
  "react-dom/client": "react-dom/cjs/react-dom-client.production.js",
};

const MODULES = new URL("../../../../node_modules/", import.meta.url);

/** React as a module that a browser can import. */
function reactModule(): string {
  const parts = Object.entries(PARTS).map(([name, file]) => {
    const source = readFileSync(new URL(file, MODULES), "utf8");
    return `${JSON.stringify(name)}: (module, exports, require) => {${source}\n}`;
  });
  const names = Object.keys(require("react") as object).filter((name) => /^[A-Za-z]\w*$/.test(name));
  return `
const sources = {${parts.join(",\n")}};
const loaded = {};
function require(name) {
  if (!(name in loaded)) {
    const module = { exports: {} };
    loaded[name] = module;
    sources[name](module, module.exports, require);
  }
  return loaded[name].exports;
}
const react = require("react");
export const { ${names.join(", ")} } = react;
export const { createRoot } = require("react-dom/client");
`;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>Package</title><link rel="icon" href="data:,">
<div id="root"></div>
<script type="importmap">{"imports":{"react":"/react.js"}}</script>
<script type="module">
import * as react from "react";
import * as sluice from "/client/index.js";
import { useStream } from "/client/react.js";
import { Prose } from "/playground/prose.js";
Object.assign(window, { react, sluice, useStream, Prose });
</script>`;

/** A page on which the package, its React entry and a part of the playground are there to be used. */
export function reactSite(path: string): PlayFile | undefined {
  if (path === "/") {
    return { type: "text/html", text: PAGE };
  }
  if (path === "/react.js") {
    return { type: "text/javascript", text: reactModule() };
  }
  if (path.startsWith("/client/") || path.startsWith("/playground/")) {
    const file = new URL(`../..${path}`, import.meta.url);
    return { type: "text/javascript", text: readFileSync(file, "utf8") };
  }
  return undefined;
}
