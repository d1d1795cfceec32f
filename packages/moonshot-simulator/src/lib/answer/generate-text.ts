import type { JsonObject } from "../json-value.ts";
import { generateMatching } from "./generate-matching.ts";

const formats: Readonly<Record<string, string>> = {
  date: "2026-11-24",
  time: "09:30:00Z",
  "date-time": "2026-11-24T09:30:00Z",
  duration: "PT1H",
  email: "ada@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
};

/** Names of properties that want the user's own words. */
const wholeQuestion = /^(?:q|query|question|text|prompt|input|message|answer|content|search)$/i;

/** A text for a property: in the schema's format or pattern, else something out of the question that fits the name. */
export function generateText(schema: JsonObject, name: string, question: string): string {
  const format = schema["format"];
  const known = typeof format === "string" ? formats[format] : undefined;
  const pattern = schema["pattern"];
  const matching = typeof pattern === "string" ? generateMatching(pattern) : undefined;
  return known ?? matching ?? fit(proposal(name, question), schema);
}

function proposal(name: string, question: string): string {
  if (question !== "" && wholeQuestion.test(name)) return question;
  return properName(question) ?? (name === "" ? "example" : `example ${name}`);
}

// "What is the weather in San Francisco?" → "San Francisco": capitals that no sentence begins with.
function properName(question: string): string | undefined {
  return /(?<=[\p{L}\p{N},;:] )\p{Lu}[\p{L}\p{M}-]*(?: \p{Lu}[\p{L}\p{M}-]*)*/u.exec(
    question.replaceAll(/\bI\b/g, "i"),
  )?.[0];
}

function fit(text: string, schema: JsonObject): string {
  const least = typeof schema["minLength"] === "number" ? schema["minLength"] : 0;
  const most = typeof schema["maxLength"] === "number" ? schema["maxLength"] : Number.POSITIVE_INFINITY;
  const characters = Array.from(text);
  if (characters.length > most) return characters.slice(0, most).join("");
  return text.padEnd(text.length + Math.max(0, least - characters.length), ".");
}
