import { parseArgs } from "node:util";

/** What the command line asks for. */
export type Command =
  | { readonly kind: "serve"; readonly config?: string; readonly port?: number; readonly host?: string }
  | { readonly kind: "check"; readonly config: string }
  | { readonly kind: "schema" | "help" | "version" }
  | { readonly kind: "mistake"; readonly message: string };

export const usage = `Usage:
  perilune [--config config.yaml] [--port 4000] [--host 127.0.0.1]   start the gateway
  perilune check --config config.yaml                                check a configuration, start nothing
  perilune schema                                                    print the JSON Schema of the configuration
  perilune --help | --version

With neither a configuration nor MOONSHOT_API_KEY it starts in demo mode, against a simulated Moonshot.`;

/** Arguments → a command. Anything not understood is a mistake with its reason, never ignored. */
export function readArguments(argv: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  const [name = "serve", ...extra] = positionals;
  if (extra.length > 0) return mistake(`Unexpected argument "${extra[0]}".`);
  if (name === "serve") return readServe(values);
  if (name === "check")
    return values.config === undefined
      ? mistake("check needs --config <file>.")
      : { kind: "check", config: values.config };
  if (name === "schema") return { kind: "schema" };
  return mistake(`Unknown command "${name}". There are: serve, check, schema.`);
}

function parse(argv: readonly string[]) {
  return parseArgs({
    // pnpm passes a lone "--" on.
    args: argv.filter((argument) => argument !== "--"),
    allowPositionals: true,
    options: {
      config: { type: "string", short: "c" },
      port: { type: "string", short: "p" },
      host: { type: "string" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    },
  });
}

function readServe(values: ReturnType<typeof parse>["values"]): Command {
  const port = readPort(values.port ?? "");
  if (values.port !== undefined && port === undefined) {
    return mistake(`--port: expected a number from 0 to 65535, got "${values.port}".`);
  }
  return {
    kind: "serve",
    ...(values.config !== undefined && { config: values.config }),
    ...(port !== undefined && { port }),
    ...(values.host !== undefined && { host: values.host }),
  };
}

/** Undefined when it is no port; Number alone reads "" and " " as 0, and 0x50 as 80. */
export function readPort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  return port === undefined || port > 65_535 ? undefined : port;
}

function mistake(message: string): Command {
  return { kind: "mistake", message };
}
