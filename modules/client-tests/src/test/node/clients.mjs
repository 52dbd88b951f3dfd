// The npm clients against a running server: `node clients.mjs BASE KEY`. Ends with 0 when every check held.
import assert from "node:assert/strict";
import OpenAI, { toFile } from "openai";
import Anthropic from "@anthropic-ai/sdk";

const [base, key] = process.argv.slice(2);
const openai = new OpenAI({ baseURL: base + "/v1", apiKey: key, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: base, apiKey: key, maxRetries: 0 });
const messages = [{ role: "user", content: "hello" }];
const order = (wishes) => ({ headers: { "X-Demo": JSON.stringify(wishes) } });

const checks = {
  async "openai: chats with one model and then another"() {
    for (const model of ["fox", "owl", "fox"]) {
      const answer = await openai.chat.completions.create({ model, messages });
      assert.match(answer.choices[0].message.content, new RegExp("^Hello from " + model));
      assert.equal(answer.usage.completion_tokens, 8);
    }
  },
  async "openai: streams"() {
    let whole = "";
    for await (const chunk of await openai.chat.completions.create({ model: "owl", messages, stream: true })) {
      whole += chunk.choices[0]?.delta?.content ?? "";
    }
    assert.match(whole, /^Hello from owl word3/);
  },
  async "openai: a stream can be left"() {
    const stream = await openai.chat.completions.create({ model: "slow", messages, stream: true });
    for await (const _ of stream) {
      stream.controller.abort();
      break;
    }
  },
  async "openai: tools go there and tool calls come back"() {
    const call = { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Riga"}' } };
    const answer = await openai.chat.completions.create(
      { model: "fox", messages, tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }] },
      order({
        text: JSON.stringify({
          id: "x", object: "chat.completion", created: 1, model: "fox",
          choices: [{ index: 0, finish_reason: "tool_calls", message: { role: "assistant", content: null, tool_calls: [call] } }],
        }),
      }),
    );
    assert.deepEqual(answer.choices[0].message.tool_calls, [call]);
  },
  async "openai: embeds"() {
    const answer = await openai.embeddings.create({ model: "fox", input: "a b", encoding_format: "float" });
    assert.deepEqual(answer.data[0].embedding, [0.25, -0.5, 0.125]);
  },
  async "openai: uploads a file in a form"() {
    const file = await toFile(Buffer.from("RIFF not really"), "speech.wav");
    const answer = await openai.audio.transcriptions.create(
      { model: "owl", file }, order({ text: JSON.stringify({ text: "spoken words" }) }));
    assert.equal(answer.text, "spoken words");
  },
  async "openai: errors are its own"() {
    await assert.rejects(openai.chat.completions.create({ model: "nobody", messages }), OpenAI.NotFoundError);
    const stranger = new OpenAI({ baseURL: base + "/v1", apiKey: "sk-wrong", maxRetries: 0 });
    await assert.rejects(stranger.chat.completions.create({ model: "fox", messages }), OpenAI.AuthenticationError);
  },
  async "anthropic: talks"() {
    const answer = await anthropic.messages.create(
      { model: "fox", max_tokens: 64, messages },
      order({
        text: JSON.stringify({
          id: "m1", type: "message", role: "assistant", model: "fox", content: [{ type: "text", text: "good day" }],
          stop_reason: "end_turn", stop_sequence: null, usage: { input_tokens: 3, output_tokens: 2 },
        }),
      }),
    );
    assert.equal(answer.content[0].text, "good day");
  },
  async "anthropic: streams"() {
    const event = (data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
    const message = {
      id: "m1", type: "message", role: "assistant", model: "owl", content: [], stop_reason: null, stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 0 },
    };
    const text =
      event({ type: "message_start", message }) +
      event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }) +
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "good day" } }) +
      event({ type: "content_block_stop", index: 0 }) +
      event({ type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 2 } }) +
      event({ type: "message_stop" });
    const stream = anthropic.messages.stream(
      { model: "owl", max_tokens: 64, messages },
      order({ text, framing: "chunked", headers: { "Content-Type": "text/event-stream" } }),
    );
    assert.equal(await stream.finalText(), "good day");
  },
  async "anthropic: errors are its own"() {
    await assert.rejects(anthropic.messages.create({ model: "nobody", max_tokens: 9, messages }), Anthropic.NotFoundError);
    const stranger = new Anthropic({ baseURL: base, apiKey: "sk-wrong", maxRetries: 0 });
    await assert.rejects(stranger.messages.create({ model: "fox", max_tokens: 9, messages }), Anthropic.AuthenticationError);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log("ok", name);
  } catch (e) {
    failed++;
    console.log("not ok", name, e);
  }
}
process.exit(failed === 0 ? 0 : 1);
