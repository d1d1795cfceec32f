import type { IncomingMessage } from "node:http";

const mostBytes = 100 * 1024 * 1024;

/** The whole body, or undefined when it is larger than the 100 MB the service takes; the rest is read past. */
export async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) chunks = [];
    else chunks.push(chunk);
  }
  return size > mostBytes ? undefined : Buffer.concat(chunks);
}
