import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as a scene sees it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  readonly lastEventId: string;
}

/** Answers one request; the next request is answered by the next scene, and the last scene stays. */
export type Scene = (response: ServerResponse, asked: Asked) => void | Promise<void>;

/** A file of a site: its content type and its text. */
export interface PlayFile {
  readonly type: string;
  readonly text: string;
}

/** A server on a real socket that plays its scenes in order and remembers what was asked. */
export class PlayServer {
  readonly asked: Asked[] = [];
  /** Where files come from, beside the scenes. */
  files: (path: string) => PlayFile | undefined = () => undefined;
  readonly #sockets = new Set<Socket>();
  readonly #server;
  #scenes: Scene[];

  private constructor(scenes: Scene[]) {
    this.#scenes = scenes;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(...scenes: Scene[]): Promise<PlayServer> {
    const server = new PlayServer(scenes);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/stream`;
  }

  /** Plays other scenes from now on. */
  play(...scenes: Scene[]): void {
    this.#scenes = scenes;
    this.asked.length = 0;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = this.files(request.url ?? "/");
    if (file !== undefined) {
      response.writeHead(200, { "content-type": file.type }).end(file.text);
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) {
      pieces.push(piece as Buffer);
    }
    const body = Buffer.concat(pieces).toString();
    const lastEventId = request.headers["last-event-id"];
    const asked: Asked = {
      method: request.method ?? "",
      url: new URL(request.url ?? "/", this.origin),
      headers: request.headers,
      body: body === "" ? undefined : JSON.parse(body),
      lastEventId: typeof lastEventId === "string" ? lastEventId : "",
    };
    this.asked.push(asked);
    const scene = this.#scenes.length > 1 ? this.#scenes.shift() : this.#scenes[0];
    await scene?.(response, asked);
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** The frame with number `n`. */
export function frame(n: number, event: object): string {
  return `id: g-${n}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function token(n: number, text: string): string {
  return frame(n, { type: "token", text, token_num: n });
}

export function done(n: number): string {
  return frame(n, {
    type: "done",
    stop_reason: "stop",
    usage: { input_tokens: 3, output_tokens: n - 1 },
    ttft_ms: 5,
    tps: 50,
  });
}

export function begin(response: ServerResponse): ServerResponse {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.write("retry: 10\n\n");
  return response;
}

/** Answers with these frames and ends well. */
export function says(...frames: string[]): Scene {
  return (response) => {
    begin(response).end(frames.join(""));
  };
}

/** Something that a test waits for. */
export class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

/**
 * Answers with these frames, and breaks the connection when the client has heard them: a client throws
 * away what it has not read when its connection breaks.
 */
export function breaks(heard: Gate, ...frames: string[]): Scene {
  return async (response) => {
    begin(response).write(frames.join(""));
    await heard.opened;
    response.socket?.destroy();
  };
}

/** Begins an answer and breaks the connection at once. */
export const breaksAtOnce: Scene = (response) => {
  begin(response).write("", () => response.socket?.destroySoon());
};

/** Answers with these frames, then says nothing more and stays. */
export function staysAfter(...frames: string[]): Scene {
  return (response) => {
    begin(response).write(frames.join(""));
  };
}

/** Refuses with an error in JSON. */
export function refuses(status: number, error: object, headers: Record<string, string> = {}): Scene {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ error }));
  };
}
