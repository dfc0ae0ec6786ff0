import { make } from "./dom.js";
// What a line could still become a marker of, while no more of it is there.
const OPEN_MARKER = /^ {0,6}(?:`{0,3}|`{3}[\w+#.-]*|#{1,4}|[-*+]|\d{1,3}[.)]?)$/;
const FENCE = /^ {0,3}```([\w+#.-]*)\s*$/;
const HEADING = /^(#{1,4}) +/;
const BULLET = /^( *)[-*+] +/;
const NUMBERED = /^( *)(\d{1,3})[.)] +/;
const INLINE = /(`[^`\n]+`|\*\*(?!\s)[^*\n]+(?<!\s)\*\*)/;
/**
 * Text that is set while it is written: paragraphs, headings, lists, fenced code, and in lines that are
 * complete, code and bold. A piece of text costs an append to one text node; what stands already is
 * never touched again. Anything else of Markdown stays as the model wrote it.
 */
export class Prose {
    #root;
    #block = "none";
    #line = "";
    /** The line is not on the page yet, because it could still become a marker. */
    #held = true;
    #place;
    #node;
    #list;
    constructor(root) {
        this.#root = root;
    }
    append(text) {
        let from = 0;
        for (;;) {
            const end = text.indexOf("\n", from);
            this.#add(end < 0 ? text.slice(from) : text.slice(from, end));
            if (end < 0) {
                return;
            }
            this.#endLine();
            from = end + 1;
        }
    }
    /** Nothing more will come. */
    end() {
        this.#endLine();
    }
    #add(piece) {
        if (piece === "") {
            return;
        }
        this.#line += piece;
        if (!this.#held) {
            this.#node?.appendData(piece);
        }
        else if (!OPEN_MARKER.test(this.#line)) {
            this.#begin(this.#line);
        }
    }
    /** Puts the begin of a line where it belongs. */
    #begin(line) {
        this.#held = false;
        if (this.#block === "code") {
            this.#continue(line);
            return;
        }
        const heading = HEADING.exec(line);
        const bullet = BULLET.exec(line);
        const numbered = NUMBERED.exec(line);
        if (heading !== null) {
            this.#open("heading", make(heading[1]?.length === 1 ? "h3" : "h4"));
            this.#write(line.slice(heading[0].length));
        }
        else if (bullet !== null) {
            this.#item("ul", bullet[1] ?? "", 1);
            this.#write(line.slice(bullet[0].length));
        }
        else if (numbered !== null) {
            this.#item("ol", numbered[1] ?? "", Number(numbered[2]));
            this.#write(line.slice(numbered[0].length));
        }
        else if (this.#block === "paragraph" || (this.#block === "list" && line.startsWith("  "))) {
            this.#continue(line.trimStart());
        }
        else {
            this.#open("paragraph", make("p"));
            this.#write(line);
        }
    }
    #open(block, element) {
        this.#block = block;
        this.#place = element;
        this.#list = undefined;
        this.#root.append(element);
    }
    #item(tag, indent, number) {
        const item = make("li", indent.length >= 2 ? "deep" : "");
        if (this.#list?.localName !== tag || this.#block !== "list") {
            const list = make(tag);
            if (list instanceof HTMLOListElement) {
                list.start = number;
            }
            this.#open("list", list);
            this.#list = list;
        }
        this.#list?.append(item);
        this.#place = item;
    }
    #continue(line) {
        const first = this.#place?.firstChild === null;
        this.#write(first ? line : `\n${line}`);
    }
    #write(text) {
        this.#node = document.createTextNode(text);
        this.#place?.append(this.#node);
    }
    #endLine() {
        const line = this.#line;
        const held = this.#held;
        this.#line = "";
        this.#held = true;
        if (held && this.#isFence(line)) {
            return;
        }
        if (this.#block === "code") {
            if (held) {
                this.#continue(line);
            }
            return;
        }
        if (line.trim() === "") {
            this.#block = this.#block === "list" ? "list" : "none";
            return;
        }
        if (held) {
            this.#begin(line);
            this.#held = true;
        }
        this.#setInline();
        if (this.#block === "heading") {
            this.#block = "none";
        }
    }
    #isFence(line) {
        const fence = FENCE.exec(line);
        if (fence === null) {
            return false;
        }
        if (this.#block === "code") {
            this.#block = "none";
            return true;
        }
        const code = make("code");
        const pre = make("pre", "", code);
        pre.tabIndex = 0;
        this.#open("code", pre);
        this.#place = code;
        return true;
    }
    /** Sets code and bold within the line that has come to its end. */
    #setInline() {
        const node = this.#node;
        this.#node = undefined;
        if (node === undefined || !INLINE.test(node.data)) {
            return;
        }
        node.replaceWith(...node.data.split(INLINE).map((piece) => {
            if (piece.length > 2 && piece.startsWith("`")) {
                return make("code", "", piece.slice(1, -1));
            }
            return piece.length > 4 && piece.startsWith("**") ? make("strong", "", piece.slice(2, -2)) : piece;
        }));
    }
}
