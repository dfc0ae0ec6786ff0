import { streamText, type Answer, type Message, type Part, type StreamEvent } from "../client/index.js";
import type { StreamRequest, TextStream, ToolCall } from "../client/index.js";
import { bodyOf } from "../client/request.js";
import { adviceOn, noteOn } from "./advice.js";
import { AnswerView } from "./answer-view.js";
import type { Line, Turn } from "./conversations.js";
import { button, eachFrame, make } from "./dom.js";
import type { Picture } from "./images.js";
import { keyField } from "./key-field.js";
import { Meter } from "./meter.js";
import { ModelPicker } from "./models.js";
import type { Chosen } from "./parameters.js";
import { Wire } from "./wire.js";

/** What is asked, apart from the model. */
export interface Ask {
  readonly prompt: string;
  readonly pictures: readonly Picture[];
  /** In place of a prompt: what the tools have answered that the model called. */
  readonly results: readonly string[];
}

/** What a lane needs of the page around it. */
export interface Page {
  parameters(): Chosen;
  key(): string;
  /** The person has given a key: all lanes that wait for one ask again. */
  useKey(key: string): void;
  /** A lane has begun or ended an answer, or another model is chosen. */
  onChange(): void;
  /** A lane has a turn more, to be kept. */
  onTurn(): void;
  /** Tells those who do not see the page. */
  announce(text: string): void;
  /** Where the person goes on when what had the focus has left the page. */
  focusPrompt(): void;
  /** Asks one of the examples. */
  ask(prompt: string): void;
}

const EXAMPLES = [
  "Why is the sky blue?",
  "Write a haiku about water.",
  "Explain recursion to a child.",
];

/** For the model that ships with Sluice, which knows little of the world. */
const DEMO_EXAMPLES = ["What is Sluice?", "Write a haiku about rain.", "Tell me a short story."];

const ENDS: Readonly<Record<string, string>> = {
  end_turn: "Complete",
  max_tokens: "Cut: the most tokens were reached",
  stop_sequence: "Complete, at a stop sequence",
  tool_use: "Called tools",
  refusal: "The model refused",
  pause_turn: "The model paused",
  context_window: "Cut: the context is full",
  stopped: "Stopped",
  failed: "Broke off",
};

interface Past {
  readonly ask: Ask;
  readonly turn: Turn;
}

/** One model on the page: what was said with it, how fast it says it, and its wire. */
export class Lane {
  readonly element = make("section", "lane");
  readonly #page: Page;
  readonly #picker: ModelPicker;
  readonly #meter = new Meter();
  readonly #wire: Wire;
  readonly #thread = make("div", "thread");
  readonly #inner = make("div", "thread-inner");
  readonly #scroll = eachFrame(() => (this.#thread.scrollTop = this.#thread.scrollHeight));
  #follows = true;
  #past: Past[] = [];
  #stream: TextStream | undefined;
  #ended: Promise<void> = Promise.resolve();
  #askWithKey: (() => void) | undefined;
  /** The answer whose calls wait for their results. */
  #calling: AnswerView | undefined;

  constructor(page: Page, name: string) {
    this.#page = page;
    this.#picker = new ModelPicker(`Model${name}`, () => {
      this.#showExamples();
      page.onChange();
    });
    this.#wire = new Wire(`model${name}`);
    this.#thread.tabIndex = 0;
    this.#thread.setAttribute("role", "group");
    this.#thread.setAttribute("aria-label", `Conversation with model${name}`);
    this.#thread.append(this.#inner);
    this.#thread.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    this.element.setAttribute("aria-label", `Model${name}`);
    this.element.append(
      make("header", "lane-head", this.#picker.element, this.#meter.element),
      make("div", "lane-body", this.#thread, this.#wire.element),
    );
    this.clear();
  }

  get model(): string {
    return this.#picker.model;
  }

  get running(): boolean {
    return this.#stream !== undefined;
  }

  get #name(): string {
    return this.model === "" ? "The gateway’s choice" : this.model;
  }

  get line(): Line {
    return { model: this.model, turns: this.#past.map((past) => past.turn) };
  }

  showModels(models: readonly string[], chosen: string): void {
    this.#picker.show(models, chosen);
    this.#showExamples();
  }

  focusModel(): void {
    this.#picker.focus();
  }

  /** Stops the answer; what came is in the conversation when this is at an end. */
  async stop(): Promise<void> {
    this.#stream?.stop();
    await this.#ended;
  }

  /** There is another key. */
  onKey(): void {
    this.#askWithKey?.();
  }

  /** Forgets the conversation; nothing may be running. */
  clear(): void {
    this.#past = [];
    this.#askWithKey = undefined;
    this.#calling = undefined;
    this.#meter.clear();
    this.#wire.clear();
    this.#inner.replaceChildren(this.#welcome());
  }

  #welcome(): HTMLElement {
    const welcome = make("p", "", "Each token is shown as it is born.");
    return make("div", "welcome", welcome, make("ul", "", ...this.#examples()));
  }

  /** Examples that the model can meet. */
  #examples(): HTMLElement[] {
    const texts = /(^|\/)sluice-demo$/.test(this.model) ? DEMO_EXAMPLES : EXAMPLES;
    return texts.map((text) => make("li", "", button(text, "example", () => this.#page.ask(text))));
  }

  #showExamples(): void {
    this.#inner.querySelector(".welcome ul")?.replaceChildren(...this.#examples());
  }

  /** Shows what was kept. */
  load(line: Line, kept: ReadonlyMap<string, Picture>): void {
    this.clear();
    for (const turn of line.turns) {
      const pictures = (turn.pictures ?? []).flatMap((id) => kept.get(id) ?? []);
      const ask = { prompt: turn.prompt, pictures, results: turn.results ?? [] };
      this.#past.push({ ask, turn });
      this.#showAsk(ask, turn.images - pictures.length);
      const view = new AnswerView(line.model);
      view.whole(turn.text, turn.thinking, turn.tools);
      view.end({ text: turn.text } as Answer, ENDS[turn.end] ?? turn.end);
      this.#inner.append(view.element);
      this.#offerResults(view, turn);
    }
    this.#follow();
  }

  /** Lets the person answer the model's calls in place. */
  #offerResults(view: AnswerView, turn: Turn): void {
    if (turn.end === "tool_use" && turn.tools.length > 0) {
      this.#calling = view;
      view.askResults((results) => this.ask({ prompt: "", pictures: [], results }));
    }
  }

  /** What is sent for an ask, after all that was said before. */
  request(ask: Ask): StreamRequest {
    const model = this.model === "" ? {} : { model: this.model };
    const parameters = { ...model, ...this.#page.parameters() };
    return this.#past.length === 0 && ask.pictures.length === 0
      ? { ...parameters, prompt: ask.prompt }
      : { ...parameters, messages: messagesOf(this.#past, ask) };
  }

  /** Asks the model. */
  ask(ask: Ask): void {
    if (this.running) {
      return;
    }
    // What failed before this can no more be asked again: the conversation has gone on.
    for (const past of this.#inner.querySelectorAll(".welcome, .notice, .failure > .row")) {
      past.remove();
    }
    this.#showAsk(ask, 0);
    this.#ended = this.#answer(ask);
  }

  #showAsk(ask: Ask, lost: number): void {
    this.#calling?.showResults(ask.results);
    this.#calling = undefined;
    if (ask.results.length > 0) {
      this.#page.focusPrompt();
      return;
    }
    const asked = make("article", "asked", make("h2", "hidden", "You"));
    if (ask.pictures.length > 0) {
      asked.append(make("div", "pictures", ...ask.pictures.map((picture) => picture.view())));
    }
    if (lost > 0) {
      asked.append(make("p", "note", lost === 1 ? "An image, not kept" : `${lost} images, not kept`));
    }
    asked.append(make("p", "", ask.prompt));
    this.#inner.append(asked);
  }

  async #answer(ask: Ask): Promise<void> {
    this.#askWithKey = undefined;
    const request = this.request(ask);
    const view = new AnswerView(this.#name);
    this.#inner.append(view.element);
    this.#follow();
    view.start();
    this.#meter.start();
    this.#wire.start("/stream", bodyOf(request));
    const start = performance.now();
    const stream = streamText(request, {
      url: "stream",
      apiKey: this.#page.key(),
      onFrame: (frame) => this.#wire.onFrame(frame),
      onEvent: (event) => this.#onEvent(event, view),
      onStatus: (status, why) => this.#onNote(noteOn(status, why), view),
    });
    this.#stream = stream;
    this.#page.onChange();
    try {
      const answer = await stream.final;
      this.#stream = undefined;
      this.#finish(ask, view, answer, performance.now() - start);
    } catch (failure) {
      this.#stream = undefined;
      this.#fail(ask, view, stream.partial, failure);
    }
    this.#keepInView();
    this.#page.onChange();
  }

  #onEvent(event: StreamEvent, view: AnswerView): void {
    switch (event.type) {
      case "token":
        this.#meter.onToken();
        view.onText(event.text);
        break;
      case "thinking":
        this.#meter.onSign();
        view.onThinking(event.text);
        break;
      case "tool_call":
        this.#meter.onSign();
        view.onToolCall(event);
        break;
      case "done":
      case "error":
        break;
    }
    this.#keepInView();
  }

  #onNote(note: string, view: AnswerView): void {
    view.note(note);
    if (note !== "") {
      this.#wire.note(`: ${note}`);
      this.#page.announce(note);
    }
  }

  #finish(ask: Ask, view: AnswerView, answer: Answer, ms: number): void {
    const end = answer.stopReason ?? "";
    view.end(answer, ENDS[end] ?? end, ms);
    this.#meter.end(answer.usage?.output_tokens);
    const turn = turnOf(ask, answer, end);
    this.#past.push({ ask, turn });
    this.#offerResults(view, turn);
    this.#page.onTurn();
    this.#page.announce(`${this.#name}: ${ENDS[end] ?? end}. ${spoken(answer)}`);
  }

  #fail(ask: Ask, view: AnswerView, partial: Answer, failure: unknown): void {
    const begun = partial.text !== "" || partial.thinking !== "" || partial.toolCalls.length > 0;
    const advice = adviceOn(failure, begun, this.#page.key() !== "");
    const before = this.#past;
    this.#wire.note(`: ${failure instanceof Error ? failure.message : String(failure)}`);
    this.#meter.end(undefined);
    view.end(partial, "");
    const again = () => {
      this.#past = before;
      view.element.remove();
      this.#page.focusPrompt();
      this.#ended = this.#answer(ask);
    };
    if (advice.wantsKey) {
      this.#askWithKey = again;
      view.fail(advice, keyField((key) => this.#page.useKey(key)));
    } else {
      view.fail(advice, button("Try again", "send", again));
    }
    if (begun) {
      this.#past = [...before, { ask, turn: turnOf(ask, partial, "failed") }];
      this.#page.onTurn();
    }
    this.#page.announce(`${this.#name}: ${advice.title}. ${advice.what}`);
  }

  /** Says what is wrong with the gateway as a whole. */
  notice(element: HTMLElement): void {
    this.#inner.querySelector(".notice")?.remove();
    element.classList.add("notice");
    this.#inner.prepend(element);
  }

  #onScroll(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#thread;
    this.#follows = scrollHeight - scrollTop - clientHeight < 60;
  }

  #follow(): void {
    this.#follows = true;
    this.#scroll();
  }

  // Whoever has scrolled up to read is left there.
  #keepInView(): void {
    if (this.#follows) {
      this.#scroll();
    }
  }
}

function userMessage({ prompt, pictures }: Ask): Message {
  if (pictures.length === 0) {
    return { role: "user", content: prompt };
  }
  const images = pictures.map(({ url }): Part => ({ type: "image_url", image_url: { url } }));
  return { role: "user", content: [{ type: "text", text: prompt }, ...images] };
}

/** All that was said before an ask, and the ask. */
function messagesOf(past: readonly Past[], ask: Ask): Message[] {
  const messages: Message[] = [];
  let calls: Turn["tools"] = [];
  for (const [i, { ask: asked, turn }] of past.entries()) {
    const next = past[i + 1]?.ask ?? ask;
    messages.push(...said(asked, calls), answered(turn, next.results.length > 0));
    calls = turn.tools;
  }
  return [...messages, ...said(ask, calls)];
}

/** What the person said: a prompt, or what the tools answered to `calls`. */
function said(ask: Ask, calls: Turn["tools"]): Message[] {
  return ask.results.length === 0
    ? [userMessage(ask)]
    : ask.results.map((content, i) => ({ role: "tool", tool_call_id: idOf(calls[i], i), content }));
}

/** What the model said; its calls as such only where they have results, which some servers insist on. */
function answered(turn: Turn, hasResults: boolean): Message {
  if (!hasResults) {
    return { role: "assistant", content: turn.text === "" ? calledOf(turn) : turn.text };
  }
  const calls = turn.tools.map((call, i) => ({
    id: idOf(call, i),
    type: "function",
    function: { name: call.name, arguments: call.arguments === "" ? "{}" : call.arguments },
  }));
  return { role: "assistant", content: turn.text, tool_calls: calls };
}

function idOf(call: Turn["tools"][number] | undefined, place: number): string {
  return call?.id ?? `call_${place}`;
}

/** Stands for an answer without text: a turn must say something. */
function calledOf(turn: Turn): string {
  return turn.tools.length === 0 ? "…" : `[calls ${turn.tools.map((tool) => tool.name).join(", ")}]`;
}

function turnOf(ask: Ask, answer: Answer, end: string): Turn {
  return {
    prompt: ask.prompt,
    results: ask.results,
    images: ask.pictures.length,
    pictures: ask.pictures.map((picture) => picture.id),
    text: answer.text,
    thinking: answer.thinking,
    tools: answer.toolCalls.map(({ id, name, arguments: text }) => ({ id, name, arguments: text })),
    end,
  };
}

/** The begin of an answer, to be read aloud once. */
function spoken(answer: Answer): string {
  const text = `${answer.text.trim()} ${answer.toolCalls.map(spokenCall).join(" ")}`.trim();
  return text.length > 600 ? `${text.slice(0, 600)} …` : text;
}

function spokenCall(call: ToolCall): string {
  return `Calls ${call.name}.`;
}
