import type { Answer, ToolCall, ToolCallEvent } from "../client/index.js";
import type { Advice } from "./advice.js";
import { button, copy, make } from "./dom.js";
import { duration } from "./meter.js";
import { indentJson } from "./indent-json.js";
import { Prose } from "./prose.js";
import { problemOf } from "./tools.js";

/** One answer on the page. What comes is appended where it belongs; nothing is set twice. */
export class AnswerView {
  readonly element = make("article", "answer");
  readonly #body = make("div", "answer-body");
  #text: { readonly root: HTMLElement; readonly prose: Prose } | undefined;
  #thinking: Thinking | undefined;
  readonly #calls = new Map<number, CallView>();
  #sendRow: HTMLElement | undefined;
  #notice: HTMLElement | undefined;

  constructor(model: string) {
    this.element.append(make("h2", "who", model), this.#body);
  }

  /** An answer is asked for. */
  start(): void {
    this.element.setAttribute("aria-busy", "true");
    this.#body.classList.add("live");
  }

  onText(text: string): void {
    this.#thinking?.end();
    if (this.#text === undefined) {
      const root = make("div", "prose");
      this.#body.append(root);
      this.#text = { root, prose: new Prose(root) };
    }
    this.#text.prose.append(text);
  }

  onThinking(text: string): void {
    if (this.#thinking === undefined || this.#thinking.ended) {
      this.#endText();
      this.#thinking = new Thinking();
      this.#body.append(this.#thinking.element);
    }
    this.#thinking.append(text);
  }

  onToolCall(piece: ToolCallEvent): void {
    let call = this.#calls.get(piece.index);
    if (call === undefined) {
      this.#thinking?.end();
      this.#endText();
      call = new CallView(piece.name);
      this.#calls.set(piece.index, call);
      this.#body.append(call.element);
    }
    call.append(piece.arguments);
    if (piece.complete) {
      call.end();
    }
  }

  /** Something that passes: another try, a wait. Empty takes it away. */
  note(text: string): void {
    this.#notice?.remove();
    this.#notice = undefined;
    if (text !== "") {
      this.#notice = make("p", "note", text);
      this.element.append(this.#notice);
    }
  }

  /** The answer is at an end; why, and after which time, is said beneath. */
  end(answer: Answer, reason: string, ms?: number): void {
    this.note("");
    this.#thinking?.end();
    this.#endText();
    for (const call of this.#calls.values()) {
      call.end();
    }
    this.element.removeAttribute("aria-busy");
    this.#body.classList.remove("live");
    const foot = make("p", "foot");
    if (reason !== "") {
      foot.append(make("span", "", reason));
    }
    if (ms !== undefined) {
      foot.append(make("span", "", duration(ms)));
    }
    if (answer.text !== "") {
      const copyButton = button("Copy", "quiet", () => void copy(answer.text, copyButton));
      foot.append(copyButton);
    }
    if (foot.hasChildNodes()) {
      this.element.append(foot);
    }
  }

  /** Puts a whole answer on the page, as it was kept. */
  whole(text: string, thinking: string, tools: readonly Pick<ToolCall, "name" | "arguments">[]): void {
    if (thinking !== "") {
      this.onThinking(thinking);
    }
    if (text !== "") {
      this.onText(text);
    }
    for (const [index, { name, arguments: text }] of tools.entries()) {
      this.onToolCall({ type: "tool_call", index, tool_call_id: "", name, arguments: text, complete: true });
    }
  }

  /** Lets the person say what the tools answer that the model has called. */
  askResults(send: (results: readonly string[]) => void): void {
    const calls = [...this.#calls.values()];
    const sendAll = () => {
      const wrong = calls.filter((call) => !call.checkResult());
      if (wrong.length > 0) {
        wrong[0]?.focusResult();
      } else {
        send(calls.map((call) => call.result));
      }
    };
    for (const call of calls) {
      call.askResult(sendAll);
    }
    this.#sendRow = make(
      "div",
      "row results",
      make("span", "hint wide-only", make("kbd", "", "Ctrl Enter"), " sends"),
      button(calls.length === 1 ? "Send the result" : "Send the results", "send", sendAll),
    );
    this.#body.append(this.#sendRow);
  }

  /** Shows what the tools have answered; without results, that nobody will say so any more. */
  showResults(results: readonly string[]): void {
    this.#sendRow?.remove();
    for (const [i, call] of [...this.#calls.values()].entries()) {
      call.showResult(results[i]);
    }
  }

  /** Says what went wrong, with what can be done. */
  fail(advice: Advice, ...actions: HTMLElement[]): void {
    const row = make("div", "row", ...actions);
    const failure = make(
      "div",
      "failure",
      make("p", "failure-title", advice.title),
      make("p", "", advice.what),
      row,
    );
    this.element.append(failure);
  }

  #endText(): void {
    this.#text?.prose.end();
    this.#text = undefined;
  }
}

/** What the model thought, folded; its head says that it thinks, and then for how long it did. */
class Thinking {
  readonly element = make("details", "thinking");
  readonly #head = make("summary", "", "Thinking …");
  readonly #text = document.createTextNode("");
  readonly #start = performance.now();
  ended = false;

  constructor() {
    this.element.append(this.#head, make("div", "thinking-text", this.#text));
  }

  append(text: string): void {
    this.#text.appendData(text);
  }

  end(): void {
    if (!this.ended) {
      this.ended = true;
      const ms = performance.now() - this.#start;
      this.#head.textContent = ms < 5 ? "Thoughts" : `Thought for ${duration(ms)}`;
    }
  }
}

/** A call of a function, with its arguments as the model writes them, and what it is answered. */
class CallView {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #text = document.createTextNode("");
  readonly #field = make("textarea");
  readonly #problem = make("p", "note problem");
  #editor: HTMLElement | undefined;

  constructor(name: string) {
    this.#name = name;
    const code = make("pre", "", this.#text);
    code.tabIndex = 0;
    code.setAttribute("aria-label", `Arguments of ${name}`);
    this.element = make("div", "call", make("p", "call-name", make("span", "", "calls "), name), code);
  }

  append(piece: string): void {
    this.#text.appendData(piece);
  }

  end(): void {
    this.#text.data = indentJson(this.#text.data);
  }

  get result(): string {
    return this.#field.value.trim();
  }

  /** Lets the person say what the function returns. */
  askResult(send: () => void): void {
    this.#field.rows = 2;
    this.#field.spellcheck = false;
    this.#field.placeholder = '{"…": …} or text';
    this.#field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        send();
      }
    });
    this.#problem.setAttribute("role", "alert");
    const label = make("label", "", `Result of ${this.#name}`, this.#field);
    this.#editor = make("div", "result", label, this.#problem);
    this.element.append(this.#editor);
  }

  /** Whether what the person said can be sent. */
  checkResult(): boolean {
    const problem = problemOf(this.#field.value);
    this.#problem.textContent = problem;
    this.#field.setAttribute("aria-invalid", String(problem !== ""));
    return problem === "";
  }

  focusResult(): void {
    this.#field.focus();
  }

  showResult(result: string | undefined): void {
    this.#editor?.remove();
    this.#editor = undefined;
    if (result !== undefined) {
      const text = make("pre", "", indentJson(result));
      text.tabIndex = 0;
      text.setAttribute("aria-label", `Result of ${this.#name}`);
      this.element.append(make("p", "call-name", make("span", "", "returned")), text);
    }
  }
}
