/** The question most of the documented examples ask. */
export const joke = {
  model: "moonshot-v1-16k",
  messages: [
    { role: "system" as const, content: "You are a helpful assistant." },
    { role: "user" as const, content: "Tell me a joke about AI." },
  ],
};

/** The rest of them. */
export const hello = {
  model: "moonshot-v1-8k",
  messages: [{ role: "user" as const, content: "hello from litellm" }],
};

/** One message of a user's. */
export function say(content: string) {
  return [{ role: "user" as const, content }];
}

const place = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
} as const;

/** The simulator calls a tool when the question mentions its name. */
export const weatherTool = {
  type: "function" as const,
  function: { name: "get_weather", description: "The weather in a city", parameters: place },
};
export const timeTool = {
  type: "function" as const,
  function: { name: "get_time", description: "The time in a city", parameters: place },
};

/** A picture of one red pixel. */
export const redPixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==";

/** What the documented examples ask; the simulated Moonshot begins by repeating it. */
export const documentedQuestion = "Tell me a joke about AI";
