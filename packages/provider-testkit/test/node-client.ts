import { request } from "node:http";
import type { Agent, IncomingMessage } from "node:http";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** The code with which the body broke off. */
  readonly brokenBy: string | undefined;
}

/** One request through node:http; rejects when there is no response head. */
export function nodeRequest(url: string, body = "{}", agent?: Agent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/v1/chat/completions`, { method: "POST", ...(agent && { agent }) });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const parts: Buffer[] = [];
      const settle = (brokenBy?: string) =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
          brokenBy,
        });
      response.on("data", (bytes: Buffer) => parts.push(bytes));
      response.on("end", () => settle());
      response.on("error", (error: NodeJS.ErrnoException) => settle(error.code));
      outgoing.off("error", reject).on("error", () => {});
    });
    outgoing.end(body);
  });
}
