import { available } from "../src/lib/balancing/candidate.ts";
import type { Candidate } from "../src/lib/balancing/candidate.ts";

/** An idle, healthy target of weight 1 that nothing is known about. */
export function candidate(id: string, more: Partial<Candidate<string>> = {}): Candidate<string> {
  return { id, target: id, weight: 1, availability: available, inFlight: 0, ...more };
}
