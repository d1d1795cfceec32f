import type { Answer } from "./answer.ts";
import type { ReceivedRequest } from "./ledger.ts";

/** Up and down in turn, by count of requests or by the server's clock. */
export interface Flapping {
  readonly up: Answer;
  readonly down: Answer;
  readonly by: FlappingBy;
}

export type FlappingBy =
  | { readonly upRequests: number; readonly downRequests: number }
  | { readonly upMs: number; readonly downMs: number };

/**
 * What the server answers: always the same; a list in order of requests, whose last answer repeats; a function of
 * the whole request; or up and down in turn. Counting and time start when the behaviour is set.
 */
export type Behaviour = Answer | readonly Answer[] | ((request: ReceivedRequest) => Answer) | Flapping;

/** Starts up, and goes `down` and `up` in turn. */
export function flapping(up: Answer, down: Answer, by: FlappingBy): Flapping {
  return { up, down, by };
}

/** A behaviour whose answer can be chosen before the request's body is there. */
export type StaticBehaviour = Exclude<Behaviour, (request: ReceivedRequest) => Answer>;

/**
 * The answer to the next request.
 * `index` counts requests from 0, `elapsedMs` the time, both since the behaviour was set.
 */
export function answerAtHead(behaviour: StaticBehaviour, index: number, elapsedMs: number): Answer {
  if (isList(behaviour)) {
    const answer = behaviour[Math.min(index, behaviour.length - 1)];
    if (answer === undefined) throw new TypeError("a list of answers needs at least one");
    return answer;
  }
  if ("parts" in behaviour) return behaviour;
  return isUp(behaviour.by, index, elapsedMs) ? behaviour.up : behaviour.down;
}

function isUp(by: FlappingBy, index: number, elapsedMs: number): boolean {
  return "upMs" in by
    ? elapsedMs % (by.upMs + by.downMs) < by.upMs
    : index % (by.upRequests + by.downRequests) < by.upRequests;
}

const isList = (behaviour: StaticBehaviour): behaviour is readonly Answer[] => Array.isArray(behaviour);
