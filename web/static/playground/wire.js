import { eachFrame, make } from "./dom.js";
const MOST_FRAMES = 1_000;
/** What goes over the wire, as it goes: the request, then each frame with the time of its arrival. */
export class Wire {
    element = make("section", "wire");
    #list = make("div", "frames");
    #count = make("span", "wire-count");
    #flush = eachFrame(() => this.#show());
    #pending = [];
    /** Whether what comes last is kept in view: not while somebody reads further up. */
    #follows = true;
    #frames = 0;
    #bytes = 0;
    #start = 0;
    constructor(label) {
        this.#list.tabIndex = 0;
        this.#list.setAttribute("role", "log");
        this.#list.setAttribute("aria-live", "off");
        this.#list.setAttribute("aria-label", `Wire of ${label}`);
        this.#list.addEventListener("scroll", () => (this.#follows = this.#atEnd()), { passive: true });
        // What came while the wire was not shown, or was of another width.
        new ResizeObserver(() => this.#keepInView()).observe(this.#list);
        this.element.append(make("h2", "wire-title", "Wire ", this.#count), this.#list);
    }
    start(path, body) {
        this.clear();
        this.#start = performance.now();
        this.#line("→", "sent", `POST ${path}\n${shorten(body)}`);
    }
    clear() {
        this.#pending = [];
        this.#frames = 0;
        this.#bytes = 0;
        this.#follows = true;
        this.#list.replaceChildren();
        this.#count.textContent = "";
    }
    onFrame(frame) {
        this.#frames++;
        const text = frame.lines.join("\n");
        this.#bytes += text.length + 2;
        this.#line(this.#elapsed(), frame.data === null ? "aside" : "", text);
    }
    /** Something beside the frames: a refusal, another try, the end. */
    note(text) {
        this.#line(this.#elapsed(), "aside", text);
    }
    #elapsed() {
        return `+${Math.round(performance.now() - this.#start)}`;
    }
    #line(when, className, text) {
        this.#pending.push(make("div", `frame ${className}`, make("span", "when", when), make("pre", "", text)));
        if (this.#pending.length > MOST_FRAMES) {
            this.#pending.shift();
        }
        this.#flush();
    }
    #show() {
        const list = this.#list;
        list.append(...this.#pending.splice(0));
        while (list.childElementCount > MOST_FRAMES) {
            list.firstElementChild?.remove();
        }
        if (this.#frames > 0) {
            this.#count.textContent = `${this.#frames} frames, ${size(this.#bytes)}`;
        }
        this.#keepInView();
    }
    #atEnd() {
        const { scrollHeight, scrollTop, clientHeight } = this.#list;
        return scrollHeight - scrollTop - clientHeight < 40;
    }
    #keepInView() {
        if (this.#follows) {
            this.#list.scrollTop = this.#list.scrollHeight;
        }
    }
}
function size(bytes) {
    return bytes < 10_000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
/** A body without the images in it, which nobody reads. */
function shorten(body) {
    return body.replaceAll(/(data:image\/[a-z]+;base64,.{12})[^"]*/g, "$1…");
}
