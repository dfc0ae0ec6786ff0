// node run-tests.mjs unit|browser [--json] [PART]: runs the compiled tests (node build.mjs --tests compiles
// them) in files whose name contains PART, and fails when one fails. With --json each test is a line:
// {name, ok, skipped, message}.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const [kind, ...others] = process.argv.slice(2);
const json = others.includes("--json");
const part = others.find((other) => other !== "--json") ?? "";
const directory = join(root, "target/js/test", kind === "browser" ? "browser" : "");
const files = readdirSync(directory)
  .filter((name) => name.endsWith(".test.js") && name.includes(part))
  .map((name) => join(directory, name))
  .sort();

const tests = run({ files, concurrency: 1 });
tests.on("test:fail", () => (process.exitCode = 1));
if (json) {
  const tell = (ok) => (test) => {
    if (test.name.endsWith(".test.js") && ok) {
      return; // Some versions of Node report the file as well.
    }
    const error = test.details?.error;
    const message = ok ? "" : String(error?.cause?.stack ?? error?.stack ?? error);
    console.log(JSON.stringify({ name: test.name, ok, skipped: test.skip ?? null, message }));
  };
  tests.on("test:pass", tell(true));
  tests.on("test:fail", tell(false));
  tests.on("test:stderr", ({ message }) => process.stderr.write(message));
} else {
  tests.compose(spec).pipe(process.stdout);
}
