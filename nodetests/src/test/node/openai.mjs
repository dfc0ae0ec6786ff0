import OpenAI from 'openai';
import { play } from './play.mjs';

const client = (host) => new OpenAI({ apiKey: 'no-key-needed', baseURL: `${host}/v1`, maxRetries: 0 });

const ofChat = (completion) => {
  const { message, finish_reason: reason } = completion.choices[0];
  return {
    text: message.content ?? '',
    calls: (message.tool_calls ?? []).map(({ id, function: { name, arguments: json } }) => ({ id, name, json })),
    message,
    reason,
    usage: completion.usage,
  };
};

const ofResponse = (response) => ({
  text: response.output_text,
  thinking: response.output
    .filter((item) => item.type === 'reasoning')
    .flatMap((item) => item.summary.map((part) => part.text))
    .join(''),
  calls: response.output
    .filter((item) => item.type === 'function_call')
    .map(({ call_id: id, name, arguments: json }) => ({ id, name, json })),
  output: response.output,
  status: response.status,
  error: response.error,
  usage: response.usage,
});

// The vendor's own accumulators judge each stream: what they end up with is what a program sees.
async function streamChat(host, request) {
  const stream = client(host).chat.completions.stream({ ...request, stream_options: { include_usage: true } });
  let pieces = 0;
  stream.on('chunk', () => { pieces += 1; });
  return { ...ofChat(await stream.finalChatCompletion()), pieces };
}

async function streamResponse(host, request) {
  const stream = client(host).responses.stream(request);
  let pieces = 0;
  stream.on('event', () => { pieces += 1; });
  return { ...ofResponse(await stream.finalResponse()), pieces };
}

async function aborted(stream, isText) {
  let pieces = 0;
  try {
    for await (const piece of stream) {
      pieces += isText(piece) ? 1 : 0;
      if (pieces === 3) {
        stream.controller.abort();
      }
    }
  } catch (error) {
    return { pieces, name: error.name };
  }
  return { pieces, name: null };
}

await play({
  streamChat,
  streamResponse,

  async wholeChat(host, request) {
    return ofChat(await client(host).chat.completions.create(request));
  },

  async wholeResponse(host, request) {
    return ofResponse(await client(host).responses.create(request));
  },

  // The whole loop of an agent: ask, run the tools, tell their results, until there is no call left.
  async loopChat(host, request) {
    const messages = [...request.messages];
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const heard = await streamChat(host, { ...request, messages });
      rounds.push(heard);
      if (heard.calls.length === 0) {
        return rounds;
      }
      messages.push(heard.message);
      messages.push(...heard.calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: '7' })));
    }
    return rounds;
  },

  async loopResponse(host, request) {
    const input = [{ role: 'user', content: request.input }];
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const heard = await streamResponse(host, { ...request, input, store: false });
      rounds.push(heard);
      if (heard.calls.length === 0) {
        return rounds;
      }
      input.push(...heard.output.map(({ parsed_arguments: _, ...item }) => item));
      input.push(...heard.calls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: '7' })));
    }
    return rounds;
  },

  async abortChat(host, request) {
    const stream = await client(host).chat.completions.create({ ...request, stream: true });
    return aborted(stream, (chunk) => chunk.choices[0]?.delta?.content);
  },

  async abortResponse(host, request) {
    const stream = await client(host).responses.create({ ...request, stream: true });
    return aborted(stream, (event) => event.type === 'response.output_text.delta');
  },

  async models(host) {
    const names = [];
    for await (const model of await client(host).models.list()) {
      names.push(model.id);
    }
    return { names, shown: (await client(host).models.retrieve('simulated/text')).id };
  },
});
