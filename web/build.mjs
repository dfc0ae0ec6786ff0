// node build.mjs             compiles the playground into static/ and the package into dist/
// node build.mjs --package   the package alone
// node build.mjs --tests     everything with its tests into target/js, and the package
// node build.mjs --check     whether static/ is what the sources give; says which files are not
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const compiler = join(root, "node_modules/typescript/lib/tsc.js");

function compile(...args) {
  if (!existsSync(compiler)) {
    console.error("the npm packages are not installed: `npm ci --ignore-scripts` in web");
    process.exit(2);
  }
  const { status } = spawnSync(process.execPath, [compiler, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    process.exit(1);
  }
}

function playground(out) {
  rmSync(join(root, out), { recursive: true, force: true });
  compile("-p", "playground", "--outDir", out);
  // All modules are asked for at once: what imports what would otherwise be found out step by step.
  const modules = filesOf(out)
    .filter((name) => name.endsWith(".js") && !isEmpty(join(root, out, name)))
    .map((name) => `<link rel="modulepreload" href="${name.replaceAll("\\", "/")}">`)
    .sort()
    .join("\n");
  const page = readFileSync(join(root, "playground/index.html"), "utf8");
  writeFileSync(join(root, out, "index.html"), page.replace("<!-- modules -->", () => modules));
  for (const name of readdirSync(join(root, "playground"))) {
    if (/\.(css|svg)$/.test(name)) {
      cpSync(join(root, "playground", name), join(root, out, "playground", name));
    }
  }
}

/** Whether a module has held types alone, so that nothing imports it any more. */
function isEmpty(file) {
  return readFileSync(file, "utf8").trim() === "export {};";
}

function library() {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  compile("-p", "client");
  cpSync(join(root, "../LICENSE"), join(root, "dist/LICENSE"));
}

function filesOf(directory) {
  return readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, directory), join(entry.parentPath ?? entry.path, entry.name)));
}

function check() {
  const fresh = "target/static";
  playground(fresh);
  const names = new Set([...filesOf(fresh), ...filesOf("static")]);
  const read = (directory, name) => {
    const file = join(root, directory, name);
    return existsSync(file) ? readFileSync(file, "utf8").replaceAll("\r\n", "\n") : undefined;
  };
  const differing = [...names].filter((name) => read(fresh, name) !== read("static", name)).sort();
  if (differing.length > 0) {
    console.error(`web/static is not what its sources give: ${differing.join(", ")}`);
    console.error("`npm run build` in web writes it anew");
    process.exit(1);
  }
}

switch (process.argv[2]) {
  case undefined:
    playground("static");
    library();
    break;
  case "--package":
    library();
    break;
  case "--tests":
    rmSync(join(root, "target/js"), { recursive: true, force: true });
    compile();
    library();
    break;
  case "--check":
    check();
    break;
  default:
    console.error(`unknown: ${process.argv[2]}`);
    process.exit(2);
}
