import { Ollama } from 'ollama';
import { play } from './play.mjs';

// What a program keeps of a stream: the parts added up, and the last line for its counts.
function add(heard, part) {
  const said = part.message ?? part;
  heard.text += said.content ?? said.response ?? '';
  heard.thinking += said.thinking ?? '';
  heard.calls.push(...(said.tool_calls ?? []));
  heard.parts += 1;
  heard.last = part;
  return heard;
}

const nothing = () => ({ text: '', thinking: '', calls: [], parts: 0, last: null });

async function streamed(parts) {
  const heard = nothing();
  for await (const part of parts) {
    add(heard, part);
  }
  return heard;
}

await play({
  async chat(host, request) {
    return streamed(await new Ollama({ host }).chat({ ...request, stream: true }));
  },

  async wholeChat(host, request) {
    return add(nothing(), await new Ollama({ host }).chat(request));
  },

  async generate(host, request) {
    return streamed(await new Ollama({ host }).generate({ ...request, stream: true }));
  },

  async wholeGenerate(host, request) {
    return add(nothing(), await new Ollama({ host }).generate(request));
  },

  // The whole loop of an agent: ask, run the tools, tell their results, until there is no call left.
  async loop(host, request) {
    const client = new Ollama({ host });
    const messages = [...request.messages];
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const heard = await streamed(await client.chat({ ...request, messages, stream: true }));
      rounds.push(heard);
      if (heard.calls.length === 0) {
        return rounds;
      }
      messages.push({ role: 'assistant', content: heard.text, thinking: heard.thinking, tool_calls: heard.calls });
      for (const call of heard.calls) {
        messages.push({ role: 'tool', content: JSON.stringify({ result: 7 }), tool_name: call.function.name });
      }
    }
    return rounds;
  },

  async abort(host, request) {
    const client = new Ollama({ host });
    let parts = 0;
    try {
      for await (const part of await client.chat({ ...request, stream: true })) {
        parts += part.message.content ? 1 : 0;
        if (parts === 3) {
          client.abort();
        }
      }
    } catch (error) {
      return { parts, name: error.name };
    }
    return { parts, name: null };
  },

  async models(host) {
    const client = new Ollama({ host });
    const { models } = await client.list();
    return {
      names: models.map((model) => model.name),
      shown: await client.show({ model: models[0].name }),
      loaded: (await client.ps()).models,
      version: (await client.version()).version,
    };
  },
});
