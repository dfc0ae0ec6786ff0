import { button, make } from "./dom.js";

const MOST = 4;
const MOST_BYTES = 5_000_000;
const TYPES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
const SIDE = 72;

/** An image that goes with a prompt. */
export interface Picture {
  /** Its name among all images that are kept. */
  readonly id: string;
  readonly name: string;
  readonly file: File;
  /** The image itself, as a data URL. */
  readonly url: string;
  /** A small view of it. It is drawn, so that the page needs no leave to load images from anywhere. */
  view(): HTMLCanvasElement;
}

/** Reads a file; rejects with a sentence when it cannot be sent. */
export async function readPicture(file: File, id = newId()): Promise<Picture> {
  if (!TYPES.has(file.type)) {
    throw new Error(`${file.name} is no PNG, JPEG, WebP or GIF.`);
  }
  if (file.size > MOST_BYTES) {
    throw new Error(`${file.name} is larger than 5 MB: make it smaller.`);
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name} is broken: the browser cannot read it.`);
  }
  const url = await dataUrl(file);
  return { id, name: file.name, file, url, view: () => draw(bitmap, file.name) };
}

function newId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
}

function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}

function draw(bitmap: ImageBitmap, name: string): HTMLCanvasElement {
  const canvas = make("canvas", "picture");
  const scale = Math.min(1, (2 * SIDE) / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** The images that go with the next prompt: chosen, dropped or pasted. */
export class PictureTray {
  readonly #list: HTMLElement;
  readonly #say: (problem: string) => void;
  #pictures: Picture[] = [];

  constructor(list: HTMLElement, say: (problem: string) => void) {
    this.#list = list;
    this.#say = say;
  }

  get pictures(): readonly Picture[] {
    return this.#pictures;
  }

  async add(files: Iterable<File>): Promise<void> {
    this.#say("");
    for (const file of files) {
      if (this.#pictures.length >= MOST) {
        this.#say(`At most ${MOST} images go with a prompt.`);
        break;
      }
      try {
        this.#pictures.push(await readPicture(file));
      } catch (problem) {
        this.#say((problem as Error).message);
      }
    }
    this.#show();
  }

  /** Hands the images over. */
  take(): readonly Picture[] {
    const taken = this.#pictures;
    this.#pictures = [];
    this.#show();
    return taken;
  }

  #show(): void {
    this.#list.hidden = this.#pictures.length === 0;
    this.#list.replaceChildren(
      ...this.#pictures.map((picture) => {
        const remove = button("Remove", "quiet", () => {
          this.#pictures = this.#pictures.filter((other) => other !== picture);
          this.#show();
        });
        remove.setAttribute("aria-label", `Remove ${picture.name}`);
        return make("li", "", picture.view(), remove);
      }),
    );
  }
}
