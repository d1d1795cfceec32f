import { parseJsonExactly } from "@perilune/core";
import { isUtf8 } from "node:buffer";
import type { InboundRequest } from "../server/inbound-request.ts";
import { exceedsDepth } from "../server/json-depth.ts";
import { RequestRefusal } from "../server/request-refusal.ts";
import { jsonFaultAt } from "./json-fault.ts";

/** JSON.parse takes seconds over a body of nothing but brackets; no honest request is this deep. */
const maxDepth = 200;

/** The body as a JSON object. Throws RequestRefusal that says what is wrong without repeating the body. */
export async function readJsonBody(
  request: InboundRequest,
  maxRequestBytes: number,
): Promise<Readonly<Record<string, unknown>>> {
  const type = request.header("content-type") ?? "";
  // Also what keeps a web page from posting to a gateway on its visitor's machine: browsers ask first.
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) {
    throw new RequestRefusal(
      415,
      "unsupported_media_type",
      "Send the body as Content-Type: application/json.",
    );
  }
  const bytes = await request.readBody(maxRequestBytes);
  if (exceedsDepth(bytes, maxDepth)) {
    throw new RequestRefusal(400, "invalid_json", `The body is nested more than ${maxDepth} levels deep.`);
  }
  const value = parse(bytes);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    // JSON objects have string keys; nothing more is assumed of them.
    return value as Readonly<Record<string, unknown>>;
  }
  throw new RequestRefusal(400, "invalid_json", "The body has to be a JSON object.");
}

function parse(bytes: Buffer): unknown {
  // Decoding would put a replacement character where the fault is, and the provider would get another text.
  if (!isUtf8(bytes)) throw new RequestRefusal(400, "invalid_json", "The body is not valid UTF-8.");
  const text = bytes.toString("utf8");
  try {
    return parseJsonExactly(text);
  } catch {
    throw new RequestRefusal(400, "invalid_json", `The body is not valid JSON: ${faultOf(text)}.`);
  }
}

/** The place and nothing of the text. */
function faultOf(text: string): string {
  if (text.trim() === "") return "it is empty";
  const at = jsonFaultAt(text);
  if (at >= text.trimEnd().length) return "it ends too early";
  const before = text.slice(0, at).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} is not what belongs there`;
}
