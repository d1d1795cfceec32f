import { isJsonObject, parseJsonObject, type JsonObject } from "../json-object.ts";

/** What an error body says, whatever its shape. */
export interface ReportedError {
  /** The provider's own words: bounded, on one line, keys masked; empty when it gave none. */
  readonly words: string;
  readonly type?: string;
  readonly code?: string;
  readonly parameter?: string;
}

const mostWords = 500;

/** Reads `{"error":{…}}`, `{"error":"text"}`, flat objects, HTML pages, plain text and nothing at all. */
export function readErrorBody(body: string): ReportedError {
  const parsed = parseJsonObject(body);
  return parsed === undefined ? { words: tidy(readText(body)) } : readErrorObject(parsed);
}

export function readErrorObject(body: JsonObject): ReportedError {
  const error = body["error"] ?? body;
  if (typeof error === "string") return { words: tidy(error) };
  if (!isJsonObject(error)) return { words: "" };
  return {
    words: tidy(firstText(error["message"], error["detail"], error["msg"], error["error_description"])),
    ...word("type", error["type"]),
    ...word("code", error["code"]),
    ...word("parameter", error["param"]),
  };
}

function firstText(...candidates: unknown[]): string {
  return candidates.find((candidate): candidate is string => typeof candidate === "string") ?? "";
}

function word<Key extends string>(key: Key, value: unknown): { readonly [K in Key]?: string } {
  const text = typeof value === "number" ? String(value) : value;
  // A computed key widens to an index signature; the only key is `Key`.
  return (typeof text === "string" && text !== "" ? { [key]: tidy(text) } : {}) as { [K in Key]?: string };
}

/** Of a page only the title is worth repeating. */
function readText(body: string): string {
  const start = body.slice(0, 20_000);
  if (!/^\s*<(!doctype|html|head|body|\?xml)/i.test(start)) return start;
  return /<title[^>]*>([^<]*)/i.exec(start)?.[1] ?? "";
}

function tidy(text: string): string {
  const line = text.slice(0, 20_000).replaceAll(/\s+/g, " ").trim();
  const masked = line.replaceAll(/\bsk-[\w*.-]{4,}/g, "sk-…");
  return masked.length <= mostWords ? masked : `${masked.slice(0, mostWords - 1)}…`;
}
