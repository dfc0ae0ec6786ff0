import { GoogleGenAI } from '@google/genai';
import { play } from './play.mjs';

const client = (host) => new GoogleGenAI({ apiKey: 'no-key-needed', httpOptions: { baseUrl: host } });

// What a program keeps of a stream: the parts added up, and the last piece for its counts.
function add(heard, piece) {
  for (const part of piece.candidates?.[0]?.content?.parts ?? []) {
    if (part.functionCall) {
      heard.calls.push(part.functionCall);
    } else if (part.thought) {
      heard.thinking += part.text ?? '';
    } else {
      heard.text += part.text ?? '';
    }
    if (part.thoughtSignature) {
      heard.seals.push(part.thoughtSignature);
    }
    heard.parts.push(part);
  }
  heard.pieces += 1;
  heard.reason = piece.candidates?.[0]?.finishReason ?? heard.reason;
  heard.blocked = piece.promptFeedback?.blockReason ?? heard.blocked;
  heard.usage = piece.usageMetadata ?? heard.usage;
  return heard;
}

const nothing = () => ({
  text: '', thinking: '', calls: [], seals: [], parts: [], pieces: 0, reason: null, blocked: null, usage: null,
});

async function streamed(pieces) {
  const heard = nothing();
  for await (const piece of pieces) {
    add(heard, piece);
  }
  return heard;
}

await play({
  async stream(host, request) {
    return streamed(await client(host).models.generateContentStream(request));
  },

  async whole(host, request) {
    return add(nothing(), await client(host).models.generateContent(request));
  },

  // The whole loop of an agent: ask, run the tools, tell their results, until there is no call left.
  async loop(host, request) {
    const contents = [{ role: 'user', parts: [{ text: request.contents }] }];
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const heard = await streamed(await client(host).models.generateContentStream({ ...request, contents }));
      rounds.push(heard);
      if (heard.calls.length === 0) {
        return rounds;
      }
      contents.push({ role: 'model', parts: heard.parts });
      contents.push({
        role: 'user',
        parts: heard.calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { output: 7 } } })),
      });
    }
    return rounds;
  },

  // The vendor's own keeper of a conversation, which keeps an answer only if each piece of it is as it wants them.
  async chat(host, request) {
    const chat = client(host).chats.create({ model: request.model });
    const heard = [];
    for (const message of request.messages) {
      heard.push(await streamed(await chat.sendMessageStream({ message })));
    }
    return { heard, kept: chat.getHistory(true).length };
  },

  async abort(host, request) {
    const controller = new AbortController();
    let pieces = 0;
    try {
      const config = { ...request.config, abortSignal: controller.signal };
      for await (const piece of await client(host).models.generateContentStream({ ...request, config })) {
        pieces += piece.text ? 1 : 0;
        if (pieces === 3) {
          controller.abort();
        }
      }
    } catch (error) {
      return { pieces, name: error.name };
    }
    return { pieces, name: null };
  },

  async models(host) {
    const names = [];
    for await (const model of await client(host).models.list()) {
      names.push(model.name);
    }
    return { names, shown: (await client(host).models.get({ model: 'simulated/text' })).name };
  },

  async count(host, request) {
    return (await client(host).models.countTokens(request)).totalTokens;
  },
});
