import { afterAll, describe, expect, it } from "vitest";
import { chat, chatChunks, chatJson, say, send, start } from "./client.ts";

const simulator = await start();
afterAll(() => simulator.close());

const weatherTool = {
  type: "function",
  function: {
    name: "get_weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const timeTool = {
  type: "function",
  function: { name: "get_time", parameters: { type: "object", properties: { zone: { type: "string" } } } },
};

describe("a whole answer", () => {
  it("has the keys of the recorded responses in their order", async () => {
    const answer = await chatJson(simulator, { messages: say("Why is the sky blue?") });
    expect(Object.keys(answer)).toEqual(["id", "object", "created", "model", "choices", "usage"]);
    expect(Object.keys(answer.choices[0].message)).toEqual(["role", "content", "reasoning_content"]);
    expect(answer.id).toMatch(/^chatcmpl-[0-9a-f]{24}$/);
    expect(Number.parseInt(answer.id.slice(9, 17), 16)).toBe(answer.created);
    expect(answer.choices[0].message.content).toContain("Why is the sky blue?");
  });

  it("is the same for the same request from the same seed, and another from another seed", async () => {
    await using twin = await start();
    await using stranger = await start({ seed: "other" });
    const body = { messages: say("Tell me something") };
    const [mine, twins, strangers] = await Promise.all(
      [await start(), twin, stranger].map((one) => chat(one, body)),
    );
    expect(twins!.text).toBe(mine!.text);
    expect(Object.fromEntries(twins!.headers)).toEqual(Object.fromEntries(mine!.headers));
    expect(strangers!.text).not.toBe(mine!.text);
  });

  it("differs from question to question", async () => {
    const [one, two] = await Promise.all([
      chatJson(simulator, { messages: say("one") }),
      chatJson(simulator, { messages: say("two") }),
    ]);
    expect(one.choices[0].message.content).not.toBe(two.choices[0].message.content);
  });

  it.each([
    ["Reply with exactly: Ahoy, moon!", "Ahoy, moon!"],
    ["Please count to 5", "1, 2, 3, 4, 5"],
  ])("to %j is %j", async (question, text) => {
    const answer = await chatJson(simulator, { messages: say(question) });
    expect(answer.choices[0].message.content).toBe(text);
  });

  it("ends with length at the limit and bills exactly the limit", async () => {
    const answer = await chatJson(simulator, { messages: say("count to 99"), max_completion_tokens: 30 });
    expect(answer.choices[0].finish_reason).toBe("length");
    expect(answer.usage.completion_tokens).toBe(30);
  });

  it("does not think when thinking is disabled", async () => {
    const answer = await chatJson(simulator, { model: "kimi-k2.6", thinking: { type: "disabled" } });
    expect(answer.choices[0].message).not.toHaveProperty("reasoning_content");
  });

  it("is a JSON object in JSON mode and follows a schema when one is given", async () => {
    const object = await chatJson(simulator, { response_format: { type: "json_object" } });
    expect(JSON.parse(object.choices[0].message.content)).toHaveProperty("answer");
    const schema = {
      type: "object",
      properties: {
        score: { type: "integer", minimum: 3 },
        verdict: { type: "string", enum: ["good", "bad"] },
      },
      required: ["score", "verdict"],
    };
    const strict = await chatJson(simulator, {
      messages: say("Was it bad?"),
      response_format: { type: "json_schema", json_schema: { name: "v", schema } },
    });
    expect(strict.choices[0].message.content).toBe('{"score":3,"verdict":"bad"}');
  });
});

describe("tool calls", () => {
  it("go to the tool the question mentions, with its arguments, in the K3 form", async () => {
    const { choices } = await chatJson(simulator, {
      messages: say("How is the weather in Paris?"),
      tools: [timeTool, weatherTool],
    });
    expect(choices[0].finish_reason).toBe("tool_calls");
    expect(Object.keys(choices[0].message)).toEqual(["role", "content", "tool_calls", "reasoning_content"]);
    expect(choices[0].message.tool_calls).toEqual([
      {
        index: 0,
        id: "get_weather_0",
        type: "function",
        function: { name: "get_weather", arguments: '{"city":"Paris"}' },
      },
    ]);
  });

  it("are parallel when several tools are mentioned, and numbered over the conversation on K2", async () => {
    const earlier = {
      role: "assistant",
      reasoning_content: " ",
      tool_calls: [{ id: "get_time:0", type: "function", function: { name: "get_time", arguments: "{}" } }],
    };
    const { choices } = await chatJson(simulator, {
      model: "kimi-k2.6",
      messages: [
        earlier,
        { role: "tool", tool_call_id: "get_time:0", content: "9" },
        ...say("Weather and time?"),
      ],
      tools: [weatherTool, timeTool],
    });
    const ids = choices[0].message.tool_calls.map((call: { id: string }) => call.id);
    expect(ids).toEqual(["get_weather:1", "get_time:2"]);
  });

  it.each(["auto", "none"])("are not made with %s when nothing asks for them", async (tool_choice) => {
    const { choices } = await chatJson(simulator, { tools: [weatherTool], tool_choice });
    expect(choices[0].finish_reason).toBe("stop");
  });

  it("are made when required, and to the named tool", async () => {
    const required = await chatJson(simulator, { tools: [weatherTool, timeTool], tool_choice: "required" });
    expect(required.choices[0].message.tool_calls[0].function.name).toBe("get_weather");
    const named = await chatJson(simulator, {
      model: "moonshot-v1-8k",
      tools: [weatherTool, timeTool],
      tool_choice: { type: "function", function: { name: "get_time" } },
    });
    expect(named.choices[0].message.tool_calls[0].id).toBe("get_time:0");
  });

  it("use the tools a system message loaded", async () => {
    const messages = [{ role: "system", tools: [weatherTool] }, ...say("weather?")];
    const { choices } = await chatJson(simulator, { messages });
    expect(choices[0].message.tool_calls[0].id).toBe("get_weather_0");
  });

  it("search the web through the built-in tool, with the tokens inside the arguments", async () => {
    const { choices } = await chatJson(simulator, {
      model: "kimi-k2.6",
      thinking: { type: "disabled" },
      messages: say("Search the web for the moon"),
      tools: [{ type: "builtin_function", function: { name: "$web_search" } }],
    });
    const [call] = choices[0].message.tool_calls;
    expect(call).toMatchObject({ id: "$web_search:0", type: "builtin_function" });
    expect(JSON.parse(call.function.arguments).usage.total_tokens).toBeGreaterThan(0);
  });

  it("are followed by an answer that holds their result", async () => {
    const call = {
      id: "get_weather_0",
      type: "function",
      function: { name: "get_weather", arguments: "{}" },
    };
    const { choices } = await chatJson(simulator, {
      messages: [
        ...say("weather?"),
        { role: "assistant", content: "", reasoning_content: "", tool_calls: [call] },
        { role: "tool", tool_call_id: "get_weather_0", content: "22 °C and clear" },
      ],
      tools: [weatherTool],
    });
    expect(choices[0].message.content).toContain("get_weather answered: 22 °C and clear");
  });
});

describe("partial mode", () => {
  const question = say("Write about the moon");

  it.each([0, 1, 17, 60])("continues an answer cut after %i characters without a seam", async (length) => {
    const whole = await chatJson(simulator, { model: "kimi-k2.6", messages: question });
    const text: string = whole.choices[0].message.content;
    const prefix = { role: "assistant", content: text.slice(0, length), partial: true };
    const rest = await chatJson(simulator, { model: "kimi-k2.6", messages: [...question, prefix] });
    expect(prefix.content + rest.choices[0].message.content).toBe(text);
  });

  it("completes a JSON object from its opening brace", async () => {
    const prefix = { role: "assistant", content: "{", partial: true };
    const { choices } = await chatJson(simulator, { messages: [...question, prefix] });
    expect(JSON.parse(`{${choices[0].message.content}`)).toHaveProperty("answer");
  });
});

describe("a stream", () => {
  it("carries the whole answer in the recorded order of deltas", async () => {
    const body = { messages: say("Stream, please"), model: "kimi-k2.6" };
    const chunks = await chatChunks(simulator, body);
    const whole = await chatJson(simulator, body);
    const deltas = chunks.map((chunk) => chunk.choices[0].delta);
    expect(deltas[0]).toEqual({ role: "assistant", content: "" });
    const join = (key: string) => deltas.map((delta) => delta[key] ?? "").join("");
    expect(join("content")).toBe(whole.choices[0].message.content);
    expect(join("reasoning_content")).toBe(whole.choices[0].message.reasoning_content);
    const close = deltas.findIndex((delta) => delta.reasoning_content === "");
    expect(deltas[close - 1]).toHaveProperty("reasoning_content");
    expect(deltas[close + 1]).toHaveProperty("content");
    const last = chunks.at(-1);
    expect(last.choices[0]).toMatchObject({ delta: {}, finish_reason: "stop" });
    expect(last.choices[0].usage.completion_tokens).toBe(whole.usage.completion_tokens);
  });

  it("has one chunk more for include_usage, the sum of all choices, without a fingerprint", async () => {
    const body = { model: "moonshot-v1-8k", n: 2, temperature: 0.5, stream_options: { include_usage: true } };
    const chunks = await chatChunks(simulator, body);
    const finals = chunks.filter((chunk) => chunk.choices[0]?.usage !== undefined);
    const sum = finals.reduce((tokens, chunk) => tokens + chunk.choices[0].usage.completion_tokens, 0);
    expect(new Set(finals.map((chunk) => chunk.choices[0].index))).toEqual(new Set([0, 1]));
    expect(Object.keys(chunks.at(-1))).toEqual(["id", "object", "created", "model", "choices", "usage"]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: sum } });
  });

  it("joins the fragments of tool calls to valid arguments", async () => {
    const chunks = await chatChunks(simulator, { messages: say("weather in Rome"), tools: [weatherTool] });
    const fragments = chunks.flatMap((chunk) => chunk.choices[0].delta.tool_calls ?? []);
    expect(fragments[0]).toMatchObject({ index: 0, id: "get_weather_0", function: { arguments: "" } });
    const given = fragments.map((fragment) => fragment.function.arguments).join("");
    expect(JSON.parse(given)).toEqual({ city: "Rome" });
    expect(chunks.at(-1).choices[0].finish_reason).toBe("tool_calls");
  });
});

describe("the prompt cache", () => {
  const conversation = [{ role: "system", content: "You are a poet of the moon." }, ...say("First line?")];

  it("reads what an earlier request began with; K3 also reports what it wrote", async () => {
    await using fresh = await start();
    const first = await chatJson(fresh, { messages: conversation });
    const again = await chatJson(fresh, { messages: conversation });
    const longer = [...conversation, { role: "assistant", content: "The moon.", reasoning_content: "" }];
    const third = await chatJson(fresh, { messages: [...longer, ...say("Second line?")] });
    const prompt = first.usage.prompt_tokens;
    expect(first.usage).not.toHaveProperty("cached_tokens");
    expect(first.usage.prompt_tokens_details).toEqual({ cache_write_tokens: prompt });
    expect(again.usage).toMatchObject({
      cached_tokens: prompt,
      prompt_tokens_details: { cached_tokens: prompt },
    });
    expect(third.usage.prompt_tokens_details).toEqual({
      cached_tokens: prompt,
      cache_write_tokens: third.usage.prompt_tokens - prompt,
    });
  });

  it.each([
    [undefined, 300_000],
    [{ ttl: "1h" }, 3_600_000],
  ])("forgets with options %j after %i ms", async (prompt_cache_options, ttlMs) => {
    let nowMs = Date.parse("2026-11-22T12:00:00Z");
    await using fresh = await start({ clock: { now: () => nowMs } });
    const body = { messages: conversation, prompt_cache_options };
    await chatJson(fresh, body);
    nowMs += ttlMs - 1;
    const hit = await chatJson(fresh, body);
    nowMs += ttlMs;
    const miss = await chatJson(fresh, body);
    expect(hit.usage).toHaveProperty("cached_tokens");
    expect(miss.usage).not.toHaveProperty("cached_tokens");
  });

  it("does not exist for moonshot-v1", async () => {
    await using fresh = await start();
    const body = { model: "moonshot-v1-8k", messages: conversation };
    await chatJson(fresh, body);
    expect(await chatJson(fresh, body)).not.toHaveProperty("usage.cached_tokens");
  });
});

it("the token estimate is the prompt's bill", async () => {
  const body = { model: "kimi-k2.6", messages: say("How long am I?") };
  const estimate = await send(simulator, "POST", "/v1/tokenizers/estimate-token-count", body);
  const answer = await chatJson(simulator, body);
  expect(JSON.parse(estimate.text)).toEqual({ data: { total_tokens: answer.usage.prompt_tokens } });
});
