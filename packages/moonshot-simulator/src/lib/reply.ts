import { errorBody, type ApiProblem } from "./errors.ts";

/** What an endpoint answers; how the bytes go out is no concern of it. */
export type Reply =
  | {
      readonly kind: "whole";
      readonly status: number;
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
      readonly release?: () => void;
    }
  | {
      readonly kind: "stream";
      readonly frames: Iterable<string>;
      readonly release?: () => void;
    };

const jsonType = "application/json; charset=utf-8";

export function jsonReply(body: string, status = 200): Reply {
  return { kind: "whole", status, contentType: jsonType, body };
}

export function problemReply(problem: ApiProblem, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    kind: "whole",
    status: problem.status,
    contentType: jsonType,
    headers,
    body: errorBody(problem),
  };
}
