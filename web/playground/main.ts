import { adviceOn } from "./advice.js";
import { CodeDialog } from "./code-dialog.js";
import { Conversations, picturesOf, titleOf, type Conversation } from "./conversations.js";
import { button, byId, make } from "./dom.js";
import { HistoryView } from "./history-view.js";
import { PictureTray } from "./images.js";
import { KeyDialog } from "./key-dialog.js";
import { keyField } from "./key-field.js";
import { Lane, type Ask, type Page } from "./lane.js";
import { firstModel, listModels } from "./models.js";
import { Parameters, type Chosen } from "./parameters.js";
import { PictureStore } from "./picture-store.js";
import { Key, SettingsStore, storageOf } from "./settings.js";
import { onShortcut, showShortcuts, type Shortcut } from "./shortcuts.js";

const BUSY = "An answer is coming: Esc stops it.";

/** The page: it joins its parts, and holds which conversation is on it. */
class Playground implements Page {
  readonly #settings = new SettingsStore(storageOf("localStorage"));
  readonly #key = new Key(storageOf("sessionStorage"));
  readonly #conversations = new Conversations(storageOf("localStorage"));
  readonly #pictures = new PictureStore();
  readonly #code = new CodeDialog();
  readonly #prompt = byId<HTMLTextAreaElement>("prompt");
  readonly #send = byId<HTMLButtonElement>("send-button");
  readonly #stop = byId<HTMLButtonElement>("stop-button");
  readonly #note = byId("composer-note");
  readonly #tray = new PictureTray(byId("images"), (problem) => (this.#note.textContent = problem));
  readonly #history = new HistoryView(this.#conversations, {
    open: (conversation) => void this.#open(conversation),
    delete: (id) => void this.#delete(id),
  });
  readonly #parameters = new Parameters(this.#settings);
  readonly #keyDialog = new KeyDialog(this.#key, (key) => this.useKey(key));
  #models: readonly string[] = [];
  #lanes: Lane[] = [];
  #id = newId();

  start(): void {
    this.#theme(this.#settings.now.theme);
    this.#listenToComposer();
    this.#listenToBar();
    this.#wire(this.#settings.now.wire);
    this.#compare(this.#settings.now.compare);
    this.onChange();
    void this.#loadModels();
  }

  // ---- what the lanes need ----

  parameters(): Chosen {
    return this.#parameters.set;
  }

  key(): string {
    return this.#key.now;
  }

  useKey(key: string): void {
    this.#key.set(key);
    for (const lane of this.#lanes) {
      lane.onKey();
    }
    void this.#loadModels();
  }

  onChange(): void {
    const running = this.#lanes.some((lane) => lane.running);
    const had = document.activeElement === this.#stop || document.activeElement === this.#send;
    this.#send.hidden = running;
    this.#stop.hidden = !running;
    if (had) {
      this.#prompt.focus();
    }
    if (!running && this.#note.textContent === BUSY) {
      this.#note.textContent = "";
    }
    if (this.#models.length > 0) {
      const [first, second] = this.#lanes.map((lane) => lane.model);
      const kept = this.#settings.now.models;
      this.#settings.set({ models: [first ?? "", second ?? kept[1] ?? ""] });
    }
  }

  onTurn(): void {
    const lines = this.#lanes.map((lane) => lane.line);
    const first = lines.flatMap((line) => line.turns)[0];
    if (first !== undefined) {
      const title = titleOf(first.prompt);
      this.#change(() =>
        this.#conversations.put({
          id: this.#id,
          title: title === "" ? "Images" : title,
          at: Date.now(),
          system: this.#settings.now.system,
          lines,
        }),
      );
      this.#history.show(this.#id);
    }
  }

  /** Changes what is kept; images that no conversation has any more go with it. */
  #change(work: () => void): void {
    const before = picturesOf(this.#conversations.list());
    work();
    const now = picturesOf(this.#conversations.list());
    const gone = before.filter((id) => !now.includes(id));
    void this.#pictures.forget(gone).then(() => this.#pictures.keepOnly(now));
  }

  announce(text: string): void {
    byId("announcer").textContent = text;
  }

  focusPrompt(): void {
    this.#prompt.focus();
  }

  ask(prompt: string): void {
    this.#prompt.value = prompt;
    this.#submit();
  }

  // ---- models ----

  async #loadModels(): Promise<void> {
    try {
      this.#models = await listModels(this.#key.now);
      document.querySelector(".notice")?.remove();
      this.#showModels();
    } catch (failure) {
      this.#showModels();
      const advice = adviceOn(failure, false, this.#key.now !== "");
      const action = advice.wantsKey
        ? keyField((key) => this.useKey(key))
        : button("Try again", "send", () => void this.#loadModels());
      this.#lanes[0]?.notice(
        make(
          "div",
          "failure",
          make("p", "failure-title", advice.title),
          make("p", "", advice.what),
          make("div", "row", action),
        ),
      );
      this.announce(`${advice.title}. ${advice.what}`);
    }
  }

  #showModels(): void {
    const kept = this.#settings.now.models;
    const taken: string[] = [];
    for (const [i, lane] of this.#lanes.entries()) {
      const wanted = lane.model !== "" ? lane.model : (kept[i] ?? "");
      const model = wanted !== "" ? wanted : firstModel(this.#models, taken);
      lane.showModels(this.#models, model);
      taken.push(model);
    }
  }

  // ---- the prompt ----

  #listenToComposer(): void {
    const form = byId<HTMLFormElement>("composer");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#stop.addEventListener("click", () => void this.#stopAll());
    this.#prompt.addEventListener("input", () => fit(this.#prompt));
    this.#prompt.addEventListener("keydown", (event) => {
      // While a word is being composed (Chinese, Japanese, …), Enter belongs to it.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    const input = byId<HTMLInputElement>("image-input");
    byId("image-button").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      void this.#tray.add([...(input.files ?? [])]).then(() => (input.value = ""));
    });
    this.#prompt.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void this.#tray.add(files);
      }
    });
    // Files alone: text that is dropped is for the field that it is dropped on.
    document.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files") === true) {
        event.preventDefault();
      }
    });
    document.addEventListener("drop", (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void this.#tray.add(files);
      }
    });
    byId("code-button").addEventListener("click", () => this.#showCode());
  }

  #submit(): void {
    const prompt = this.#prompt.value.trim();
    if (this.#lanes.some((lane) => lane.running)) {
      this.#note.textContent = BUSY;
      return;
    }
    if (!this.#parameters.check()) {
      return;
    }
    if (prompt === "") {
      this.#note.textContent =
        this.#tray.pictures.length > 0 ? "Say what to do with the image." : "";
      this.#prompt.focus();
      return;
    }
    this.#note.textContent = "";
    const ask: Ask = { prompt, pictures: this.#tray.take(), results: [] };
    for (const picture of ask.pictures) {
      void this.#pictures.put(picture);
    }
    this.#prompt.value = "";
    fit(this.#prompt);
    this.announce("Asked.");
    for (const lane of this.#lanes) {
      lane.ask(ask);
    }
  }

  async #stopAll(): Promise<void> {
    this.#note.textContent = "";
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }

  #showCode(): void {
    const lane = this.#lanes[0];
    if (lane !== undefined) {
      const prompt = this.#prompt.value.trim();
      const last = lane.line.turns.at(-1)?.prompt;
      const request =
        prompt === "" && last !== undefined
          ? { model: lane.model, ...this.parameters(), prompt: last }
          : lane.request({
              prompt: prompt === "" ? "Hello" : prompt,
              pictures: this.#tray.pictures,
              results: [],
            });
      this.#code.open({ origin: location.origin, request, keyed: this.#key.now !== "" });
    }
  }

  // ---- the bar ----

  #listenToBar(): void {
    byId("new-button").addEventListener("click", () => void this.#new());
    byId("compare-button").addEventListener("click", () => this.#compare(!this.#settings.now.compare));
    byId("wire-button").addEventListener("click", () => this.#wire(!this.#settings.now.wire));
    byId("key-button").addEventListener("click", () => this.#keyDialog.open());
    byId("help-button").addEventListener("click", () => this.#help());
    const theme = byId<HTMLSelectElement>("theme");
    theme.addEventListener("change", () => this.#theme(theme.value));
    onShortcut(this.#shortcuts());
  }

  #shortcuts(): readonly Shortcut[] {
    return [
      { keys: "Enter", does: "sends the prompt" },
      { keys: "Shift Enter", does: "begins a new line" },
      { keys: "Esc", does: "stops the answer", act: () => void this.#stopAll() },
      { keys: "/", does: "goes to the prompt", act: () => this.#prompt.focus() },
      { keys: "Alt N", does: "begins a new conversation", act: () => void this.#new() },
      { keys: "Alt M", does: "goes to the model", act: () => this.#lanes[0]?.focusModel() },
      { keys: "Alt P", does: "shows the parameters", act: () => this.#parameters.toggle() },
      { keys: "Alt C", does: "sets two models side by side", act: () => byId("compare-button").click() },
      { keys: "Alt W", does: "shows the wire", act: () => byId("wire-button").click() },
      { keys: "Alt H", does: "shows the conversations", act: () => this.#history.toggle() },
      { keys: "?", does: "shows this list", act: () => this.#help() },
    ];
  }

  #help(): void {
    showShortcuts(byId("help-list"), this.#shortcuts());
    byId<HTMLDialogElement>("help-dialog").showModal();
  }

  #theme(theme: string): void {
    this.#settings.set({ theme });
    byId<HTMLSelectElement>("theme").value = theme;
    document.documentElement.dataset["theme"] = theme;
  }

  #wire(open: boolean): void {
    this.#settings.set({ wire: open });
    document.body.classList.toggle("with-wire", open);
    byId("wire-button").setAttribute("aria-pressed", String(open));
  }

  #compare(two: boolean): void {
    this.#settings.set({ compare: two });
    byId("compare-button").setAttribute("aria-pressed", String(two));
    const count = two ? 2 : 1;
    for (const lane of this.#lanes.splice(count)) {
      void lane.stop();
      lane.element.remove();
    }
    while (this.#lanes.length < count) {
      const lane = new Lane(this, count === 1 || this.#lanes.length === 0 ? "" : " 2");
      this.#lanes.push(lane);
      byId("lanes").append(lane.element);
    }
    byId("lanes").classList.toggle("two", two);
    this.#showModels();
    this.onChange();
  }

  // ---- conversations ----

  async #new(): Promise<void> {
    await this.#stopAll();
    this.#id = newId();
    for (const lane of this.#lanes) {
      lane.clear();
    }
    this.#history.show(this.#id);
    this.#prompt.focus();
  }

  async #open(conversation: Conversation): Promise<void> {
    const [kept] = await Promise.all([
      this.#pictures.load(picturesOf([conversation])),
      this.#new(),
    ]);
    this.#id = conversation.id;
    this.#compare(conversation.lines.length > 1);
    for (const [i, lane] of this.#lanes.entries()) {
      const line = conversation.lines[i];
      if (line !== undefined) {
        lane.showModels(this.#models, line.model);
        lane.load(line, kept);
      }
    }
    this.#parameters.useSystem(conversation.system);
    this.onChange();
    this.#history.show(this.#id);
    if (matchMedia("(max-width: 760px)").matches) {
      this.#history.toggle(false);
    }
  }

  async #delete(id: string | undefined): Promise<void> {
    if (id === undefined || id === this.#id) {
      await this.#new(); // First, because an answer that is stopped is kept.
    }
    this.#change(() => {
      if (id === undefined) {
        this.#conversations.deleteAll();
      } else {
        this.#conversations.delete(id);
      }
    });
    this.#history.show(this.#id);
    byId("history-button").focus();
  }
}

function newId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}

/** Makes a field as high as its text, within bounds that the style sets. */
function fit(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

new Playground().start();
