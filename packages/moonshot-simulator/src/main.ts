#!/usr/bin/env node
import { readCommandLine } from "./lib/read-command-line.ts";
import { startMoonshotSimulator } from "./lib/start-simulator.ts";

const command = readCommandLine(process.argv.slice(2));

if ("text" in command) {
  (command.exitCode === 0 ? process.stdout : process.stderr).write(`${command.text}\n`);
  process.exitCode = command.exitCode;
} else {
  const simulator = await startMoonshotSimulator({ ...command.options, ledgerSize: 0 });
  process.stdout.write(`Moonshot simulator listening on ${simulator.url}/v1\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void simulator.close());
}
