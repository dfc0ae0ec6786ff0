import { eachFrame, make } from "./dom.js";
const BARS = 64;
const BAR = 2;
const GAP = 1;
const HEIGHT = 30;
/** The middle one of some numbers; undefined when there are none. */
export function median(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    return sorted[sorted.length >> 1];
}
/** As many numbers as there are bars, each the largest of those that it stands for. */
export function gathered(numbers, bars) {
    if (numbers.length <= bars) {
        return [...numbers];
    }
    return Array.from({ length: bars }, (_, bar) => {
        const from = Math.floor((bar * numbers.length) / bars);
        const to = Math.floor(((bar + 1) * numbers.length) / bars);
        return Math.max(...numbers.slice(from, to));
    });
}
/** How long something took, in few figures. */
export function duration(ms) {
    if (ms < 10) {
        return `${ms.toFixed(1)} ms`;
    }
    if (ms < 1_000) {
        return `${Math.round(ms)} ms`;
    }
    return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
/** Shows, while an answer comes, how fast it comes: TTFT, TPS, tokens, and the time between tokens. */
export class Meter {
    element = make("div", "meter");
    #ttft = this.#figure("TTFT", "Time to the first token, measured in this page");
    #tps = this.#figure("TPS", "Tokens per second since the first token");
    #tokens = this.#figure("Tokens", "Tokens of text that have come; at the end, all that the gateway counted");
    #tbt = this.#figure("TBT", "Time between tokens: the median");
    #canvas = make("canvas", "plot");
    #paint = eachFrame(() => this.#show());
    #start = 0;
    #firstAt;
    #firstTokenAt = 0;
    #lastAt = 0;
    #count = 0;
    #told;
    #running = false;
    #intervals = [];
    #medianAt = 0;
    constructor() {
        this.#canvas.setAttribute("role", "img");
        this.element.append(this.#canvas);
        this.clear();
    }
    #figure(name, title) {
        const value = make("span", "value");
        const figure = make("span", "figure", make("span", "name", name), value);
        figure.title = title;
        this.element.append(figure);
        return value;
    }
    clear() {
        this.#running = false;
        this.#reset();
        this.#show();
    }
    start() {
        this.#reset();
        this.#running = true;
        this.#start = performance.now();
        this.#tick();
    }
    #reset() {
        this.#firstAt = undefined;
        this.#count = 0;
        this.#told = undefined;
        this.#intervals = [];
        this.#medianAt = 0;
        this.#tbt.textContent = "–";
        this.#canvas.setAttribute("aria-label", "Time between tokens: nothing yet");
    }
    // The time to the first token runs until it is there.
    #tick() {
        if (this.#running && this.#firstAt === undefined) {
            this.#paint();
            setTimeout(() => this.#tick(), 100);
        }
    }
    /** Text, thinking or a tool call has come. */
    onSign() {
        this.#firstAt ??= performance.now();
        this.#paint();
    }
    onToken() {
        const now = performance.now();
        if (this.#count > 0) {
            this.#intervals.push(now - this.#lastAt);
        }
        else {
            this.#firstTokenAt = now;
        }
        this.#lastAt = now;
        this.#count++;
        this.onSign();
    }
    /** The answer is at an end; `told` is how many tokens the gateway counted. */
    end(told) {
        this.#running = false;
        this.#told = told;
        this.#medianAt = 0;
        this.#show();
        this.#canvas.setAttribute("aria-label", this.summary());
    }
    /** The figures as a sentence. */
    summary() {
        const parts = [`${this.#told ?? this.#count} tokens`];
        if (this.#firstAt !== undefined) {
            parts.push(`first after ${duration(this.#firstAt - this.#start)}`);
        }
        const between = median(this.#intervals);
        if (between !== undefined) {
            parts.push(`${duration(between)} between tokens, at most ${duration(Math.max(...this.#shown()))}`);
        }
        return parts.join(", ");
    }
    #show() {
        const now = performance.now();
        const ttft = (this.#firstAt ?? now) - this.#start;
        const started = this.#running || this.#firstAt !== undefined;
        set(this.#ttft, started ? duration(ttft) : "–");
        const ms = this.#lastAt - this.#firstTokenAt;
        set(this.#tps, this.#count > 1 && ms > 0 ? (((this.#count - 1) * 1000) / ms).toFixed(1) : "–");
        set(this.#tokens, started ? String(this.#told ?? this.#count) : "–");
        if (now - this.#medianAt > 250) {
            this.#medianAt = now;
            const between = median(this.#running ? this.#intervals.slice(-256) : this.#intervals);
            set(this.#tbt, between === undefined ? "–" : duration(between));
        }
        this.#plot();
    }
    // While it comes, the latest; when it is whole, all of it.
    #shown() {
        return this.#running ? this.#intervals.slice(-BARS) : gathered(this.#intervals, BARS);
    }
    #plot() {
        const width = BARS * (BAR + GAP);
        const scale = globalThis.devicePixelRatio || 1;
        const canvas = this.#canvas;
        if (canvas.width !== width * scale) {
            canvas.width = width * scale;
            canvas.height = HEIGHT * scale;
        }
        const context = canvas.getContext("2d");
        if (context === null) {
            return;
        }
        context.setTransform(scale, 0, 0, scale, 0, 0);
        context.clearRect(0, 0, width, HEIGHT);
        const shown = this.#shown();
        const most = Math.max(1, ...shown);
        context.fillStyle = getComputedStyle(canvas).color;
        for (const [i, interval] of shown.entries()) {
            const height = Math.max(1, (interval / most) * (HEIGHT - 1));
            context.fillRect(i * (BAR + GAP), HEIGHT - height, BAR, height);
        }
    }
}
function set(element, text) {
    if (element.textContent !== text) {
        element.textContent = text;
    }
}
