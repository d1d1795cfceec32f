import { parseArgs } from "node:util";
import type { MoonshotSimulatorOptions } from "./simulation.ts";

/** What the command line asks for: a simulator, or a text to print. */
export type Command =
  | { readonly options: MoonshotSimulatorOptions }
  | { readonly text: string; readonly exitCode: 0 | 2 };

const usage = `Usage: moonshot-simulator [options]

  --port <number>            port to listen on (default: a free one)
  --host <address>           address to listen on (default: 127.0.0.1)
  --as-of <YYYY-MM-DD>       be the service of that day: retired and future models answer 404
  --api-key <key>            accept this key only; may be given more than once (default: any key)
  --seed <text>              another seed, other answers
  --token-delay-ms <number>  pause before each frame of a stream (default: 0)
  --help                     print this text`;

export function readCommandLine(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        host: { type: "string" },
        "as-of": { type: "string" },
        "api-key": { type: "string", multiple: true },
        seed: { type: "string" },
        "token-delay-ms": { type: "string" },
        help: { type: "boolean" },
      },
    });
    return values.help === true ? { text: usage, exitCode: 0 } : { options: readOptions(values) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { text: `${reason}\n\n${usage}`, exitCode: 2 };
  }
}

interface Values {
  readonly port?: string;
  readonly host?: string;
  readonly "as-of"?: string;
  readonly "api-key"?: string[];
  readonly seed?: string;
  readonly "token-delay-ms"?: string;
}

function readOptions(values: Values): MoonshotSimulatorOptions {
  return {
    ...(values.port === undefined ? {} : { port: readNumber("port", values.port, 65_535) }),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values["as-of"] === undefined ? {} : { asOf: readDay(values["as-of"]) }),
    ...(values["api-key"] === undefined ? {} : { apiKeys: values["api-key"] }),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    ...(values["token-delay-ms"] === undefined
      ? {}
      : { tokenDelayMs: readNumber("token-delay-ms", values["token-delay-ms"], 60_000) }),
  };
}

function readNumber(option: string, text: string, most: number): number {
  if (!/^\d+$/.test(text) || Number(text) > most)
    throw new RangeError(`--${option} must be a whole number from 0 to ${most}, not "${text}"`);
  return Number(text);
}

function readDay(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(day.getTime()))
    throw new RangeError(`--as-of must be a day such as 2026-11-22, not "${text}"`);
  return day;
}
