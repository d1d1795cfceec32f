import { describe, expect, it } from "vitest";
import { callerKey, masterKey, operatorKey, virtualKey } from "../example-config.ts";
import { startTestGateway, type TestGateway } from "../start-test-gateway.ts";
import { breakStreams } from "./broken-streams.ts";
import { documentedQuestion } from "./conversation.ts";
import {
  aimedAt,
  liteLlmCurl,
  liteLlmStreamingCurl,
  portkeyProviderCurl,
  portkeyVirtualKeyCurl,
} from "./documented-curl.ts";
import { runShell } from "./run-shell.ts";

/** The command's own variables carry the keys. */
const keys = { PORTKEY_API_KEY: masterKey, PROVIDER_API_KEY: callerKey, VIRTUAL_KEY: virtualKey };

function run({ url }: TestGateway, command: string) {
  return runShell(aimedAt(url, command, masterKey), keys);
}

function textOf(stdout: string): string {
  return JSON.parse(stdout).choices[0].message.content;
}

/** The text of a stream as curl prints it. */
function streamedText(stdout: string): string {
  const events = stdout.split("\n\n").filter((event) => event.startsWith("data: {"));
  return events.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content ?? "").join("");
}

describe("Portkey's curl commands", () => {
  it("get an answer with a provider and a key of one's own", async () => {
    await using gateway = await startTestGateway();
    const { stdout } = await run(gateway, portkeyProviderCurl);
    expect(textOf(stdout)).toContain(documentedQuestion);
    expect(gateway.simulator.requests[0]!.headers.authorization).toBe(`Bearer ${callerKey}`);
  });

  it("are told where the JSON of the virtual key's example is broken, and work once it is not", async () => {
    await using gateway = await startTestGateway();
    const broken = await run(gateway, portkeyVirtualKeyCurl);
    const lines = portkeyVirtualKeyCurl.split("'")[1]!.split("\n");
    const line = lines.findIndex((text) => text.includes(', content"'));
    const column = lines[line]!.indexOf(', content"') + 2;
    expect(JSON.parse(broken.stdout).error).toMatchObject({
      code: "invalid_json",
      message: expect.stringContaining(`line ${line + 1}, column ${column + 1} is`),
    });
    const { stdout } = await run(gateway, portkeyVirtualKeyCurl.replace(' content"', ' "content"'));
    expect(textOf(stdout)).toContain(documentedQuestion);
    expect(gateway.simulator.requests[0]!.headers.authorization).toBe(`Bearer ${operatorKey}`);
  });
});

describe("LiteLLM's curl commands", () => {
  it("get an answer", async () => {
    await using gateway = await startTestGateway();
    const { stdout } = await run(gateway, liteLlmCurl);
    expect(textOf(stdout)).toContain("hello from litellm");
  });

  it("get a stream with the same text and its end mark", async () => {
    await using gateway = await startTestGateway();
    const whole = await run(gateway, liteLlmCurl);
    const { stdout } = await run(gateway, liteLlmStreamingCurl);
    expect(streamedText(stdout)).toBe(textOf(whole.stdout));
    expect(stdout).toMatch(/data: \[DONE\]\n\n$/);
  });

  it("show a broken stream as an error, without the end mark", async () => {
    await using gateway = await startTestGateway({ simulator: { faults: [breakStreams("fin")] } });
    const { stdout } = await run(gateway, liteLlmStreamingCurl);
    expect(streamedText(stdout)).not.toBe("");
    expect(stdout).toContain("event: error\n");
    expect(stdout).not.toContain("[DONE]");
  });

  it("with --fail exit with an error when the key is wrong", async () => {
    await using gateway = await startTestGateway();
    const command = aimedAt(gateway.url, liteLlmCurl, "sk-wrong").replace("curl", "curl --fail");
    expect(await runShell(command)).toMatchObject({ exitCode: 22, stdout: "" });
  });
});

it("says so when a command does not exist", async () => {
  await expect(runShell("no-such-curl http://127.0.0.1")).rejects.toThrow("no-such-curl");
});
