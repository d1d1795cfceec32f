import type { ChatDispatch, DecodedChunk } from "@perilune/core";
import type { HttpError } from "../errors/to-openai-error.ts";
import type { Responder, StreamWriter } from "../server/responder.ts";

type Headers = Readonly<Record<string, string>>;

/** A whole answer as JSON: the provider's own bytes when they say the same as the canonical response. */
export function encodeResponse(
  answer: Extract<ChatDispatch, { kind: "response" }>,
  responder: Responder,
  headers: Headers,
): void {
  const body = answer.text ?? JSON.stringify(answer.response);
  responder.send(200, { ...headers, "content-type": "application/json" }, body);
}

/**
 * A stream as server-sent events, at the pace of the client's socket. `[DONE]` is written when, and only
 * when, the provider said that the answer is complete; a stream that breaks throws.
 */
export async function encodeStream(chunks: AsyncIterable<DecodedChunk>, writer: StreamWriter): Promise<void> {
  for await (const item of chunks) {
    const full = writer.write(encodeChunk(item));
    if (full !== undefined) await full;
  }
  void writer.write("data: [DONE]\n\n");
  writer.end();
}

export const streamHeaders: Headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
  // nginx holds a proxied stream back without it.
  "x-accel-buffering": "no",
};

/** A chunk's own text is used as it came unless it spans lines, which would end the event early. */
function encodeChunk({ chunk, text }: DecodedChunk): string {
  const json = text === undefined || /[\r\n]/.test(text) ? JSON.stringify(chunk) : text;
  return `data: ${json}\n\n`;
}

/**
 * The end of a stream that broke after it began: an error event and no `[DONE]`. The event is named, and
 * holds both spellings, because the OpenAI SDKs throw on `error` in the data, portkey-ai on the event's name.
 */
export function encodeStreamError({ body }: HttpError, writer: StreamWriter): void {
  const data = JSON.stringify({ ...body, message: body.error.message });
  void writer.write(`event: error\ndata: ${data}\n\n`);
  writer.end();
}

/** A failure before anything was sent. */
export function encodeError(error: HttpError, responder: Responder, headers: Headers): void {
  const all = { ...headers, ...error.headers, "content-type": "application/json" };
  responder.send(error.status, all, JSON.stringify(error.body));
}
