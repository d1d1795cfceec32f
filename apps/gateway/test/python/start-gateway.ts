/*
 * A gateway with a simulated Moonshot for a test in another language. Takes the simulator's options as JSON, prints
 * one line of JSON with the addresses and keys, answers every line it reads with one line of JSON: the requests that
 * reached the provider so far. Ends when nobody writes to it any more.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { MoonshotSimulatorOptions } from "@perilune/moonshot-simulator";
import { callerKey, masterKey, operatorKey, virtualKey } from "../example-config.ts";
import { startTestGateway } from "../start-test-gateway.ts";

function printLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

// Whoever starts this writes what the type says; a test that does not fails at once.
const options = JSON.parse(process.argv[2] ?? "{}") as MoonshotSimulatorOptions;
await using gateway = await startTestGateway({ simulator: options });
const { simulator, url } = gateway;
printLine({ url, simulatorUrl: simulator.url, masterKey, operatorKey, callerKey, virtualKey });

const questions = createInterface({ input: process.stdin });
questions.on("line", () => {
  printLine(simulator.requests.map(({ path, headers, json, answer }) => ({ path, headers, json, answer })));
});
await once(questions, "close");
