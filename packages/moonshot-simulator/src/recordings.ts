import { readdirSync, readFileSync } from "node:fs";

/** A body the real service sent, byte for byte. Where it comes from stands beside it in `fixtures/`. */
export interface Recording {
  /** The name of its file in `fixtures/`, such as `kimi-k2.6.stream.sse`. */
  readonly name: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

const folder = new URL("../fixtures/", import.meta.url);

/** Every complete recorded body, ordered by name. */
export function loadRecordings(): readonly Recording[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sse") || name.endsWith(".json"))
    .toSorted()
    .map((name) => ({
      name,
      status: Number(/^error\.(\d{3})\./.exec(name)?.[1] ?? 200),
      contentType: name.endsWith(".sse") ? "text/event-stream" : "application/json; charset=utf-8",
      body: readFileSync(new URL(name, folder)),
    }));
}
