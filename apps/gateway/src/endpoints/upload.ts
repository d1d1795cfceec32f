import type { InboundRequest } from "../server/inbound-request.ts";
import { RequestRefusal } from "../server/request-refusal.ts";

/** A caller's body on its way to a provider, never held whole. */
export interface Upload {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Why it ended early, when the fault was the caller's: the transport only sees that it broke. */
  readonly failure: unknown;
}

/** Refuses a body that says it is too large before a byte of it is read, any other once it has grown too large. */
export function startUpload(inbound: InboundRequest, limitBytes: number): Upload {
  // The server has checked that it is a number.
  if (Number(inbound.header("content-length") ?? 0) > limitBytes) throw tooLarge(limitBytes);
  let failure: unknown;
  async function* bytes(): AsyncGenerator<Uint8Array, void, void> {
    let size = 0;
    try {
      for await (const piece of inbound.bodyStream()) {
        size += piece.length;
        if (size > limitBytes) throw tooLarge(limitBytes);
        yield piece;
      }
    } catch (thrown) {
      failure = thrown;
      throw thrown;
    }
  }
  return {
    bytes: bytes(),
    get failure() {
      return failure;
    },
  };
}

function tooLarge(limitBytes: number): RequestRefusal {
  return new RequestRefusal(
    413,
    "request_too_large",
    `The request body is larger than the limit of ${limitBytes} bytes.`,
  );
}
