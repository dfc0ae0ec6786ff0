import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { play } from './play.mjs';

// By default the client speaks HTTP/2 without TLS, with prior knowledge; `http1` makes it speak HTTP/1.1.
function client(endpoint, { key = 'any', secret = key, http1 = false, skew = 0 } = {}) {
  return new BedrockRuntimeClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    systemClockOffset: skew,
    credentials: { accessKeyId: key, secretAccessKey: secret },
    ...(http1 ? { requestHandler: new NodeHttpHandler() } : {}),
  });
}

// What a program keeps of a stream: blocks by their index, and what the end says.
async function streamed(response) {
  const heard = { text: '', thinking: '', signature: '', calls: [], parts: 0, stop: null, usage: null };
  const calls = {};
  for await (const event of response.stream) {
    heard.parts += 1;
    const start = event.contentBlockStart?.start?.toolUse;
    if (start) {
      calls[event.contentBlockStart.contentBlockIndex] = { ...start, input: '' };
    }
    const delta = event.contentBlockDelta?.delta;
    heard.text += delta?.text ?? '';
    heard.thinking += delta?.reasoningContent?.text ?? '';
    heard.signature += delta?.reasoningContent?.signature ?? '';
    if (delta?.toolUse) {
      calls[event.contentBlockDelta.contentBlockIndex].input += delta.toolUse.input;
    }
    heard.stop = event.messageStop?.stopReason ?? heard.stop;
    heard.usage = event.metadata?.usage ?? heard.usage;
  }
  heard.calls = Object.values(calls).map((call) => ({ ...call, input: JSON.parse(call.input || '{}') }));
  return heard;
}

function whole(response) {
  const content = response.output.message.content;
  return {
    text: content.map((block) => block.text ?? '').join(''),
    thinking: content.map((block) => block.reasoningContent?.reasoningText?.text ?? '').join(''),
    calls: content.filter((block) => block.toolUse).map((block) => block.toolUse),
    stop: response.stopReason,
    usage: response.usage,
  };
}

// Requests are JSON; the documents of the SDK are plain values.
await play({
  async stream(url, { options, request }) {
    return streamed(await client(url, options).send(new ConverseStreamCommand(request)));
  },

  async whole(url, { options, request }) {
    return whole(await client(url, options).send(new ConverseCommand(request)));
  },

  async count(url, { options, request }) {
    const { modelId, ...converse } = request;
    return client(url, options).send(new CountTokensCommand({ modelId, input: { converse } }));
  },

  // The whole loop of an agent: ask, run the tools, tell their results, until there is no call left.
  async loop(url, { options, request }) {
    const bedrock = client(url, options);
    const messages = [...request.messages];
    const rounds = [];
    for (let round = 0; round < 5; round += 1) {
      const heard = await streamed(await bedrock.send(new ConverseStreamCommand({ ...request, messages })));
      rounds.push(heard);
      if (heard.calls.length === 0) {
        return rounds;
      }
      const said = heard.text ? [{ text: heard.text }] : [];
      messages.push({ role: 'assistant', content: [...said, ...heard.calls.map((toolUse) => ({ toolUse }))] });
      messages.push({
        role: 'user',
        content: heard.calls.map(({ toolUseId }) => ({
          toolResult: { toolUseId, content: [{ json: { result: 7 } }] },
        })),
      });
    }
    return rounds;
  },

  async abort(url, { options, request }) {
    const controller = new AbortController();
    const response = await client(url, options).send(new ConverseStreamCommand(request), {
      abortSignal: controller.signal,
    });
    let parts = 0;
    try {
      for await (const event of response.stream) {
        parts += event.contentBlockDelta ? 1 : 0;
        if (parts === 3) {
          controller.abort();
          break;
        }
      }
    } catch (error) {
      return { parts, name: error.name };
    }
    return { parts, name: 'none' };
  },
});
