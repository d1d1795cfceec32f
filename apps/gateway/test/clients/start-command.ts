import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The command's source file, which Node runs as it is. */
export const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** What a finished command left behind. */
interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** The `perilune` command as a process of its own. */
export interface RunningCommand extends AsyncDisposable {
  /** The address on the line that says so. Rejects when the command ends without it. */
  readonly url: Promise<string>;
  /** Both streams so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  readonly finished: Promise<Finished>;
  /** Asks it to stop; the duration counts from here. */
  stop(signal: NodeJS.Signals): Promise<Finished>;
}

/** Starts it with these variables and the few that a process cannot do without, not with those of the test. */
export function startCommand(
  argv: readonly string[],
  { cwd, environment = {} }: { cwd?: string; environment?: Readonly<Record<string, string>> } = {},
): RunningCommand {
  const child = spawn(process.execPath, ["--conditions=@perilune/source", main, ...argv], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd !== undefined && { cwd }),
  });
  const output = { stdout: "", stderr: "" };
  const url = Promise.withResolvers<string>();
  let startedAtMs = performance.now();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    const address = /^Perilune is listening on (\S+)\n/m.exec(output.stdout)?.[1];
    if (address !== undefined) url.resolve(address);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const finished = once(child, "close").then(([exitCode]): Finished => {
    url.reject(new Error(`the command ended without an address:\n${output.stderr}`));
    // Node gives the code of a process that exited, and null for one that was killed.
    return { ...output, exitCode: exitCode as number | null, durationMs: performance.now() - startedAtMs };
  });
  // A command that is meant to end is not asked for its address.
  url.promise.catch(() => undefined);
  const stop = (signal: NodeJS.Signals) => {
    startedAtMs = performance.now();
    child.kill(signal);
    return finished;
  };
  return {
    url: url.promise,
    output,
    finished,
    stop,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await finished;
    },
  };
}
