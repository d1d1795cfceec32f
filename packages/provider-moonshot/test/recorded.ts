import { readFileSync } from "node:fs";

/** A recorded body; the note beside it says where it was seen. */
export function recorded(name: string): string {
  return readFileSync(new URL(`../fixtures/recorded/${name}`, import.meta.url), "utf8");
}

/** The data of each event of a recorded stream. */
export function recordedEvents(name: string): string[] {
  return recorded(name)
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => frame.slice("data: ".length));
}
