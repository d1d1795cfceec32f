import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { startMoonshotSimulator, type MoonshotSimulator } from "@perilune/moonshot-simulator";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { documentedConfig, exampleConfig, masterKey, operatorKey } from "../example-config.ts";
import { collect } from "./collect.ts";
import { aimedAt, liteLlmCurl, liteLlmStreamingCurl } from "./documented-curl.ts";
import { hello, say } from "./conversation.ts";
import { runShell } from "./run-shell.ts";
import { main, startCommand } from "./start-command.ts";

function environmentFor(simulator: MoonshotSimulator) {
  return {
    MOONSHOT_API_KEY: operatorKey,
    MOONSHOT_API_BASE: `${simulator.url}/v1`,
    PERILUNE_MASTER_KEY: masterKey,
  };
}

/** A folder with one file, `config.yaml`, gone when the test is. */
async function folderWith(config: string) {
  const folder = await mkdtempDisposable(path.join(tmpdir(), "perilune-"));
  await writeFile(path.join(folder.path, "config.yaml"), config);
  return folder;
}

async function textFrom(url: string, model: string): Promise<string | null> {
  const client = new OpenAI({ baseURL: url, apiKey: masterKey });
  const response = await client.chat.completions.create({ ...hello, model });
  return response.choices[0]!.message.content;
}

/** Holds a port so that nobody else can have it. */
async function holdPort(port: number) {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never the string of a pipe.
  const { port: held } = server.address() as { port: number };
  const release = async () => {
    server.close();
    await once(server, "close");
  };
  return { port: held, [Symbol.asyncDispose]: release };
}

describe("perilune --config config.yaml, the documented file of three deployments", () => {
  it("prints its address on one line, serves all three, and exits with 0 on SIGTERM", async () => {
    await using simulator = await startMoonshotSimulator({ apiKeys: [operatorKey] });
    await using folder = await folderWith(documentedConfig);
    await using command = startCommand(["--config", "config.yaml", "--port", "0"], {
      cwd: folder.path,
      environment: environmentFor(simulator),
    });
    const url = await command.url;
    const models = ["moonshot-v1-8k", "moonshot-v1-32k", "moonshot-v1-128k"];
    for (const model of models) expect(await textFrom(url, model)).toContain(`This was ${model}, simulated.`);
    expect(simulator.requests.map(({ json }) => (json as { model: string }).model)).toEqual(models);
    const { exitCode, stdout, durationMs } = await command.stop("SIGTERM");
    expect([exitCode, stdout]).toEqual([0, `Perilune is listening on ${url}\n`]);
    expect(durationMs).toBeLessThan(2_000);
  });

  it("is served on port 4000 without being told, where the documented commands find it", async () => {
    await assertFree(4000);
    await using simulator = await startMoonshotSimulator({ apiKeys: [operatorKey] });
    await using folder = await folderWith(documentedConfig);
    await using command = startCommand(["--config", "config.yaml"], {
      cwd: folder.path,
      environment: environmentFor(simulator),
    });
    expect(await command.url).toBe("http://127.0.0.1:4000");
    const origin = "http://localhost:4000";
    expect(await textFrom(origin, "moonshot-v1-8k")).toContain("hello from litellm");
    const whole = await runShell(aimedAt(origin, liteLlmCurl, masterKey));
    expect(whole.stdout).toContain("hello from litellm");
    const stream = await runShell(aimedAt(origin, liteLlmStreamingCurl, masterKey));
    expect(stream.stdout).toMatch(/data: \[DONE\]\n\n$/);
  });

  it("finishes an answer under way before it exits on SIGTERM, and takes no new call", async () => {
    await using simulator = await startMoonshotSimulator({ tokenDelayMs: 20 });
    await using folder = await folderWith(exampleConfig);
    await using command = startCommand(["--config", "config.yaml", "--port", "0"], {
      cwd: folder.path,
      environment: environmentFor(simulator),
    });
    const client = new OpenAI({ baseURL: await command.url, apiKey: masterKey, maxRetries: 0 });
    const params = { model: "moonshot-v1-8k", messages: say("Count to 15.") };
    const stream = await client.chat.completions.create({ ...params, stream: true });
    const finished = command.stop("SIGTERM");
    const chunks = await collect(stream);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toMatch(/14, 15$/);
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe("stop");
    expect((await finished).exitCode).toBe(0);
    await expect(client.chat.completions.create(params)).rejects.toThrow(OpenAI.APIConnectionError);
  });

  it("is refused with exit code 1 where its key is not set, with the line", async () => {
    await using folder = await folderWith(documentedConfig);
    const { exitCode, stdout, stderr } = await startCommand(["--config", "config.yaml"], { cwd: folder.path })
      .finished;
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^config\.yaml:5:\d+ .*MOONSHOT_API_KEY/m);
  });
});

/** Another program there would answer in our place. */
async function assertFree(port: number): Promise<void> {
  try {
    const held = await holdPort(port);
    await held[Symbol.asyncDispose]();
  } catch (error) {
    throw new Error(`Port ${port} is taken on this machine; this test needs the documented port.`, {
      cause: error,
    });
  }
}

describe("perilune with neither a configuration nor a key", () => {
  it("starts in demo mode, and the command it prints is answered to its end", async () => {
    await using command = startCommand(["--port", "0"]);
    const url = await command.url;
    const printedCommand = /^ {2}curl [^]*?'$/m;
    await expect.poll(() => command.output.stdout).toMatch(printedCommand);
    expect(command.output.stdout).toContain("Demo mode:");
    const printed = printedCommand.exec(command.output.stdout)![0].trim();
    expect(printed).toContain(`curl -N ${url}/v1/chat/completions`);
    const { stdout, exitCode } = await runShell(printed);
    expect([exitCode, stdout.includes("moon")]).toEqual([0, true]);
    expect(stdout).toMatch(/data: \[DONE\]\n\n$/);
  });

  it("says who can call it", async () => {
    await using command = startCommand(["--port", "0"]);
    await command.url;
    await expect.poll(() => command.output.stderr).toContain("nobody else can");
  });
});

describe("perilune without a master key", () => {
  it("listens on loopback only, whatever it was told, and says so", async () => {
    await using simulator = await startMoonshotSimulator();
    const { PERILUNE_MASTER_KEY: _none, ...environment } = environmentFor(simulator);
    await using command = startCommand(["--host", "0.0.0.0", "--port", "0"], { environment });
    expect(await command.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    await expect.poll(() => command.output.stderr).toContain("listening on 127.0.0.1 only, not on 0.0.0.0");
    expect(await textFrom(await command.url, "kimi-k3")).toContain("hello from litellm");
  });

  it("listens where it is told once there is one", async () => {
    await using simulator = await startMoonshotSimulator();
    await using command = startCommand(["--host", "0.0.0.0", "--port", "0"], {
      environment: environmentFor(simulator),
    });
    expect(await command.url).toMatch(/^http:\/\/0\.0\.0\.0:/);
  });
});

describe("the perilune command", () => {
  it.each<[string[], number, RegExp]>([
    [["--help"], 0, /^Usage:\n/],
    [["--version"], 0, /^\d+\.\d+\.\d+\n$/],
    [["schema"], 0, /^\{\n {2}"\$schema"/],
  ])("%j exits with %i and prints its answer", async (argv, exitCode, stdout) => {
    const result = await startCommand(argv).finished;
    expect(result).toMatchObject({ exitCode, stderr: "" });
    expect(result.stdout).toMatch(stdout);
  });

  it.each<[string[], RegExp]>([
    [["--prot", "1"], /--prot/],
    [["--port", "high"], /--port: expected a number from 0 to 65535, got "high"/],
    [["chekc"], /Unknown command "chekc"/],
    [["check"], /check needs --config/],
  ])("%j exits with 2 and says why, with its usage", async (argv, complaint) => {
    const result = await startCommand(argv).finished;
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(complaint);
    expect(result.stderr).toContain("Usage:");
  });

  it("ends quietly when its reader has read enough", async () => {
    // The reader is gone before the first byte: whatever a pipe holds, the write fails.
    const pipe = '(sleep 1; "$NODE" --conditions=@perilune/source "$MAIN" schema; echo "$?" >&2) | true';
    const { stderr } = await runShell(pipe, { NODE: process.execPath, MAIN: main });
    expect(stderr).toBe("0\n");
  });

  it("exits with 1 when its port is taken", async () => {
    await using held = await holdPort(0);
    const { exitCode, stderr } = await startCommand(["--port", String(held.port)]).finished;
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${held.port}: listen EADDRINUSE`);
  });

  it.each<[string, string, number, RegExp]>([
    ["a right file", exampleConfig, 0, /^config\.yaml is valid: 5 deployments, 1 virtual key\.\n$/],
    [
      "a mistyped key",
      exampleConfig.replace("api_key:", "api_kye:"),
      1,
      /^config\.yaml:5:\d+ .*api_kye.*api_key/m,
    ],
    ["a file that is no YAML", "model_list: [", 1, /^config\.yaml:\d+:\d+ /],
  ])("check tells %s", async (_, config, exitCode, said) => {
    await using folder = await folderWith(config);
    const result = await startCommand(["check", "--config", "config.yaml"], {
      cwd: folder.path,
      environment: { MOONSHOT_API_KEY: operatorKey },
    }).finished;
    expect(result.exitCode).toBe(exitCode);
    expect(exitCode === 0 ? result.stdout : result.stderr).toMatch(said);
  });

  it("check names a file that does not exist", async () => {
    const { exitCode, stderr } = await startCommand(["check", "--config", "nowhere.yaml"]).finished;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("nowhere.yaml");
  });
});
