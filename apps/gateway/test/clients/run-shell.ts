import { execFile } from "node:child_process";

export interface ShellResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as it would be pasted into a terminal. A command that does not exist is an error, not a result. */
export function runShell(
  command: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ShellResult> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...environment }, timeout: 15_000 };
    execFile("bash", ["-c", command], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode !== "number" || exitCode === 127) reject(new Error(`${command}\n${stderr}`));
      else resolve({ exitCode, stdout, stderr });
    });
  });
}
