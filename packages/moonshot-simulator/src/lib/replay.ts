import type { IncomingHttpHeaders } from "node:http";
import type { ApiProblem } from "./errors.ts";

/** What a replay or a fault looks at to decide whether a request is meant. */
export interface RequestView {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: unknown;
}

/** Served instead of an answer of our own, byte for byte. The first replay that matches wins. */
export interface Replay {
  readonly match: (request: RequestView) => boolean;
  readonly status: number;
  /** Default: the content type the body looks like. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /** Byte offsets at which the body is cut into separate writes. */
  readonly splitAt?: readonly number[] | "every-byte";
  /** Closes the connection after that many bytes of body, the answer unfinished. */
  readonly cutAtByte?: number;
  /** How the connection is closed; with `cutAtByte` the default is `fin`, without it the answer ends properly. */
  readonly end?: "fin" | "reset";
  /** Waits before the first byte. */
  readonly delayMs?: number;
  /** Waits between two writes. */
  readonly pauseMs?: number;
}

/** Spoils requests that would otherwise be answered. The first fault that matches and is not used up applies. */
export interface Fault {
  /** Default: every request. */
  readonly match?: (request: RequestView) => boolean;
  /** How many requests it spoils; default: all. */
  readonly times?: number;
  /** Waits before anything is answered. */
  readonly delayMs?: number;
  /** Answers with this error. */
  readonly error?: ApiProblem & { readonly headers?: Readonly<Record<string, string>> };
  /** Spoils a stream after it has sent that many frames. */
  readonly stream?: StreamFault;
}

export interface StreamFault {
  readonly afterFrames: number;
  /**
   * `fin` and `reset` close the connection, `stall` sends nothing more until the client leaves, `end` finishes the
   * answer in HTTP's eyes without the rest of the frames, and an error is sent as one frame with `end` after it.
   */
  readonly ending: "fin" | "reset" | "stall" | "end" | ApiProblem;
}

/** Picks the fault for a request, and counts it. */
export class Faults {
  readonly #faults: readonly Fault[];
  readonly #used = new Map<Fault, number>();

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  take(request: RequestView): Fault | undefined {
    const fault = this.#faults.find(
      (candidate) =>
        (candidate.match?.(request) ?? true) &&
        (this.#used.get(candidate) ?? 0) < (candidate.times ?? Number.POSITIVE_INFINITY),
    );
    if (fault !== undefined) this.#used.set(fault, (this.#used.get(fault) ?? 0) + 1);
    return fault;
  }
}
