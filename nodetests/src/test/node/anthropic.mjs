import Anthropic from '@anthropic-ai/sdk';
import { play } from './play.mjs';

const client = (host) => new Anthropic({ apiKey: 'no-key-needed', baseURL: host, maxRetries: 0 });

const of = (message) => ({
  text: message.content.filter((block) => block.type === 'text').map((block) => block.text).join(''),
  thinking: message.content.filter((block) => block.type === 'thinking').map((block) => block.thinking).join(''),
  seals: message.content.filter((block) => block.type === 'thinking').map((block) => block.signature),
  calls: message.content.filter((block) => block.type === 'tool_use').map(({ id, name, input }) => ({ id, name, input })),
  content: message.content,
  reason: message.stop_reason,
  usage: message.usage,
});

// The vendor's own accumulator judges each stream: what it ends up with is what a program sees.
async function stream(host, request) {
  const events = client(host).messages.stream(request);
  let pieces = 0;
  events.on('streamEvent', () => { pieces += 1; });
  return { ...of(await events.finalMessage()), pieces };
}

await play({
  stream,

  async whole(host, request) {
    return of(await client(host).messages.create(request));
  },

  // The whole loop of an agent: ask, run the tools, tell their results, until there is no call left.
  async loop(host, request) {
    const messages = [...request.messages];
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const heard = await stream(host, { ...request, messages });
      rounds.push(heard);
      if (heard.calls.length === 0) {
        return rounds;
      }
      messages.push({ role: 'assistant', content: heard.content });
      messages.push({
        role: 'user',
        content: heard.calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: '7' })),
      });
    }
    return rounds;
  },

  async abort(host, request) {
    const events = client(host).messages.stream(request);
    let pieces = 0;
    events.on('text', () => {
      pieces += 1;
      if (pieces === 3) {
        events.abort();
      }
    });
    try {
      await events.finalMessage();
    } catch (error) {
      return { pieces, name: error.constructor.name };
    }
    return { pieces, name: null };
  },

  async models(host) {
    const names = [];
    for await (const model of client(host).models.list()) {
      names.push(model.id);
    }
    return { names, shown: (await client(host).models.retrieve('simulated/text')).id };
  },

  async count(host, request) {
    return (await client(host).messages.countTokens(request)).input_tokens;
  },
});
