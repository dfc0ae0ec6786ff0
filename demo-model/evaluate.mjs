// Asks the GGUF every held-out prompt through llama.cpp and prints the hit rate of each skill.
//
//     npm install --prefix FOLDER --ignore-scripts node-llama-cpp@3.22 @node-llama-cpp/linux-x64@3.22.1
//     node evaluate.mjs --from FOLDER [--model FILE.gguf] [--misses] [--say "a prompt"]...
//
// An answer is greedy (temperature 0) and must end by itself within 400 tokens, whatever else its check asks.
import {readFileSync, readdirSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise;
const from = resolve(option("--from", here));
const modelPath = resolve(option("--model", join(here, "sluice-demo.gguf")));
const tell = process.argv.includes("--misses");
const LONGEST = 400;

const {getLlama, LlamaLogLevel} = await import(pathToFileURL(join(from, "node_modules/node-llama-cpp/dist/index.js")));
const llama = await getLlama({gpu: false, build: "never", logLevel: LlamaLogLevel.error, maxThreads: 1});
const model = await llama.loadModel({modelPath});
const context = await model.createContext({contextSize: 1024, threads: 1});
const sequence = context.getSequence();
const categories = JSON.parse(readFileSync(join(here, "prompts/categories.json"), "utf8"));

async function answer(messages) {
  const prompt = messages.map(({role, content}) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join("") + "<|im_start|>assistant\n";
  await sequence.clearHistory();
  const tokens = [];
  for await (const token of sequence.evaluate(model.tokenize(prompt, true), {temperature: 0, yieldEogToken: true})) {
    if (model.isEogToken(token)) return {text: model.detokenize(tokens), ended: true};
    tokens.push(token);
    if (tokens.length === LONGEST) break;
  }
  return {text: model.detokenize(tokens), ended: false};
}

// Groups of vowels, less a silent e at the end: the same count as words.py makes.
function syllables(word) {
  const letters = word.toLowerCase().replace(/[^a-z]/g, "");
  let count = (letters.match(/[aeiouy]+/g) ?? []).length;
  if (letters.endsWith("e") && !/(le|ee)$/.test(letters) && count > 1) count--;
  if (letters.endsWith("es") && letters.length > 3 && !/([sxzc]|ch|sh|g|i|l)es$/.test(letters) && count > 1) count--;
  return Math.max(count, letters ? 1 : 0);
}

const near = (line, wanted, slack) => Math.abs(line.split(/[\s-]+/).reduce((sum, word) => sum + syllables(word), 0) - wanted) <= slack;
const has = (text, part) => text.toLowerCase().includes(part.toLowerCase());

const checks = {
  exact: ({values}, text) => text.trim() === values[0],
  contains: ({values}, text) => values.every(value => has(text, value)),
  any: ({values}, text) => values.some(value => has(text, value)),
  items({category, count}, text) {
    const lines = text.trim().split("\n");
    return lines.length === count && new Set(lines).size === count && lines.every(line => categories[category].includes(line));
  },
  haiku({subject}, text) {
    const lines = text.trim().split("\n");
    // The subject decides how long the first line is, and the model can only guess the syllables of one that it never met.
    return lines.length === 3 && has(lines[0], subject) && near(lines[0], 5, 2) && near(lines[1], 7, 1) && near(lines[2], 5, 1);
  },
};

const said = process.argv.flatMap((word, place) => process.argv[place - 1] === "--say" ? [word] : []);
for (const content of said) console.log(`> ${content}\n${(await answer([{role: "user", content}])).text}\n`);
if (said.length > 0) process.exit(0);

let allHits = 0, allPrompts = 0;
for (const file of readdirSync(join(here, "prompts")).filter(name => name.endsWith(".jsonl")).sort()) {
  const prompts = readFileSync(join(here, "prompts", file), "utf8").trim().split("\n").map(line => JSON.parse(line));
  let hits = 0;
  for (const prompt of prompts) {
    const {text, ended} = await answer(prompt.messages);
    if (ended && checks[prompt.check](prompt, text)) hits++;
    else if (tell) console.log(`  miss: ${JSON.stringify(prompt.messages.at(-1).content)} -> ${JSON.stringify(text)}`);
  }
  console.log(`${file.replace(".jsonl", "").padEnd(12)} ${hits} of ${prompts.length}`);
  allHits += hits;
  allPrompts += prompts.length;
}
console.log(`${"all".padEnd(12)} ${allHits} of ${allPrompts}, ${(100 * allHits / allPrompts).toFixed(1)} %`);
process.exit(0);
