import { readFileSync } from "node:fs";
import { configJsonSchema } from "../config/json-schema.ts";
import { readArguments, usage } from "./read-arguments.ts";
import { readConfig, tell } from "./read-config.ts";
import { serve } from "./serve.ts";
import type { Surroundings } from "./surroundings.ts";

/** Runs one command; gives the exit code. */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const command = readArguments(argv);
  switch (command.kind) {
    case "mistake":
      surroundings.complain(`${command.message}\n\n${usage}`);
      return 2;
    case "help":
      surroundings.print(usage);
      return 0;
    case "version":
      surroundings.print(packageVersion());
      return 0;
    case "schema":
      surroundings.print(JSON.stringify(configJsonSchema(), null, 2));
      return 0;
    case "check":
      return check(command.config, surroundings);
    case "serve":
      break;
  }
  return serve(command, surroundings);
}

function check(path: string, surroundings: Surroundings): number {
  const result = readConfig(path, surroundings);
  tell(result, surroundings);
  if (!result.ok) return 1;
  const { deployments, virtualKeys } = result.config;
  surroundings.print(
    `${path} is valid: ${count(deployments.length, "deployment")}, ${count(virtualKeys.length, "virtual key")}.`,
  );
  return 0;
}

function count(amount: number, thing: string): string {
  return `${amount} ${thing}${amount === 1 ? "" : "s"}`;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  // Our own package.json has a version, or the package could not have been published.
  return (JSON.parse(text) as { version: string }).version;
}
