/**
 * Breaks JSON into lines. The values stay as they are written: a number that JavaScript cannot hold is
 * not changed, and text that is cut off or no JSON loses nothing.
 */
export function indentJson(text: string): string {
  let out = "";
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|\s+|[^\s{}[\],:"]+/gs)) {
    const last = out.at(-1) ?? "";
    if (/^\s/.test(token)) {
      continue;
    }
    if (token === "{" || token === "[") {
      out += token + newLine(++depth);
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      const empty = /[{[]\s*$/.test(out);
      out = out.trimEnd() + (empty ? "" : newLine(depth)) + token;
    } else if (token === ",") {
      out += token + newLine(depth);
    } else if (token === ":") {
      out += ": ";
    } else {
      out += /[\w".-]/.test(last) ? ` ${token}` : token;
    }
  }
  return out;
}

function newLine(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}
