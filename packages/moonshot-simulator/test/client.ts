import { expect } from "vitest";
import {
  startMoonshotSimulator,
  type MoonshotSimulator,
  type MoonshotSimulatorOptions,
} from "../src/index.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function send(
  simulator: MoonshotSimulator,
  method: string,
  path: string,
  body?: object | FormData,
  headers: Record<string, string> = { authorization: "Bearer sk-test" },
): Promise<Answer> {
  const payload = body === undefined || body instanceof FormData ? body : JSON.stringify(body);
  const response = await fetch(simulator.url + path, { method, headers, body: payload ?? null });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export const chat = (simulator: MoonshotSimulator, body: object): Promise<Answer> =>
  send(simulator, "POST", "/v1/chat/completions", { messages: say("hello"), model: "kimi-k3", ...body });

export const say = (content: string) => [{ role: "user", content }];

/** What a chat answers as JSON, to look into freely. */
export async function chatJson(simulator: MoonshotSimulator, body: object) {
  const answer = await chat(simulator, body);
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text);
}

/** The chunks of a chat's stream, without its end mark. */
export async function chatChunks(simulator: MoonshotSimulator, body: object) {
  const answer = await chat(simulator, { ...body, stream: true });
  expect(answer.text.endsWith("data: [DONE]\n\n"), answer.text).toBe(true);
  const frames = answer.text.split("\n\n").slice(0, -2);
  return frames.map((frame) => JSON.parse(frame.replace("data: ", "")));
}

export const frozenClock = { now: () => Date.parse("2026-11-22T12:00:00Z") };

export const start = (options: MoonshotSimulatorOptions = {}) =>
  startMoonshotSimulator({ clock: frozenClock, ...options });
