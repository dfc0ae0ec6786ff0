import { button, copy, make } from "./dom.js";
import { duration } from "./meter.js";
import { indentJson } from "./indent-json.js";
import { Prose } from "./prose.js";
import { problemOf } from "./tools.js";
/** One answer on the page. What comes is appended where it belongs; nothing is set twice. */
export class AnswerView {
    element = make("article", "answer");
    #body = make("div", "answer-body");
    #text;
    #thinking;
    #calls = new Map();
    #sendRow;
    #notice;
    constructor(model) {
        this.element.append(make("h2", "who", model), this.#body);
    }
    /** An answer is asked for. */
    start() {
        this.element.setAttribute("aria-busy", "true");
        this.#body.classList.add("live");
    }
    onText(text) {
        this.#thinking?.end();
        if (this.#text === undefined) {
            const root = make("div", "prose");
            this.#body.append(root);
            this.#text = { root, prose: new Prose(root) };
        }
        this.#text.prose.append(text);
    }
    onThinking(text) {
        if (this.#thinking === undefined || this.#thinking.ended) {
            this.#endText();
            this.#thinking = new Thinking();
            this.#body.append(this.#thinking.element);
        }
        this.#thinking.append(text);
    }
    onToolCall(piece) {
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
    note(text) {
        this.#notice?.remove();
        this.#notice = undefined;
        if (text !== "") {
            this.#notice = make("p", "note", text);
            this.element.append(this.#notice);
        }
    }
    /** The answer is at an end; why, and after which time, is said beneath. */
    end(answer, reason, ms) {
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
    whole(text, thinking, tools) {
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
    askResults(send) {
        const calls = [...this.#calls.values()];
        const sendAll = () => {
            const wrong = calls.filter((call) => !call.checkResult());
            if (wrong.length > 0) {
                wrong[0]?.focusResult();
            }
            else {
                send(calls.map((call) => call.result));
            }
        };
        for (const call of calls) {
            call.askResult(sendAll);
        }
        this.#sendRow = make("div", "row results", make("span", "hint wide-only", make("kbd", "", "Ctrl Enter"), " sends"), button(calls.length === 1 ? "Send the result" : "Send the results", "send", sendAll));
        this.#body.append(this.#sendRow);
    }
    /** Shows what the tools have answered; without results, that nobody will say so any more. */
    showResults(results) {
        this.#sendRow?.remove();
        for (const [i, call] of [...this.#calls.values()].entries()) {
            call.showResult(results[i]);
        }
    }
    /** Says what went wrong, with what can be done. */
    fail(advice, ...actions) {
        const row = make("div", "row", ...actions);
        const failure = make("div", "failure", make("p", "failure-title", advice.title), make("p", "", advice.what), row);
        this.element.append(failure);
    }
    #endText() {
        this.#text?.prose.end();
        this.#text = undefined;
    }
}
/** What the model thought, folded; its head says that it thinks, and then for how long it did. */
class Thinking {
    element = make("details", "thinking");
    #head = make("summary", "", "Thinking …");
    #text = document.createTextNode("");
    #start = performance.now();
    ended = false;
    constructor() {
        this.element.append(this.#head, make("div", "thinking-text", this.#text));
    }
    append(text) {
        this.#text.appendData(text);
    }
    end() {
        if (!this.ended) {
            this.ended = true;
            const ms = performance.now() - this.#start;
            this.#head.textContent = ms < 5 ? "Thoughts" : `Thought for ${duration(ms)}`;
        }
    }
}
/** A call of a function, with its arguments as the model writes them, and what it is answered. */
class CallView {
    element;
    #name;
    #text = document.createTextNode("");
    #field = make("textarea");
    #problem = make("p", "note problem");
    #editor;
    constructor(name) {
        this.#name = name;
        const code = make("pre", "", this.#text);
        code.tabIndex = 0;
        code.setAttribute("aria-label", `Arguments of ${name}`);
        this.element = make("div", "call", make("p", "call-name", make("span", "", "calls "), name), code);
    }
    append(piece) {
        this.#text.appendData(piece);
    }
    end() {
        this.#text.data = indentJson(this.#text.data);
    }
    get result() {
        return this.#field.value.trim();
    }
    /** Lets the person say what the function returns. */
    askResult(send) {
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
    checkResult() {
        const problem = problemOf(this.#field.value);
        this.#problem.textContent = problem;
        this.#field.setAttribute("aria-invalid", String(problem !== ""));
        return problem === "";
    }
    focusResult() {
        this.#field.focus();
    }
    showResult(result) {
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
