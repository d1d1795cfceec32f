const longestName = 200;

/** The known names a reader most likely meant by `name`, best first; none when nothing is close enough. */
export function nearestNames(name: string, known: Iterable<string>, limit = 3): string[] {
  // A caller chooses the name: one of a megabyte must not cost more than one that could be meant.
  if (name.length > longestName) return [];
  const wanted = normalise(name);
  return [...new Set(known)]
    .map((candidate) => ({ candidate, distance: distanceBetween(wanted, normalise(candidate)) }))
    .filter(({ distance }) => distance <= tolerance(wanted))
    .toSorted((left, right) => left.distance - right.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** `apiKey`, `api-key` and `API_KEY` are the same slip for `api_key`. */
function normalise(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9*]/gu, "");
}

/** A third of the name may differ: "modle" finds "model", "rpm" does not find "tpm" and "id" finds nothing. */
function tolerance(name: string): number {
  return name.length < 4 ? 0 : Math.min(4, Math.floor(name.length / 3));
}

/** A piece of a name ("kimi-k3" of "moonshot/kimi-k3") is nearer than its length says. */
function distanceBetween(wanted: string, candidate: string): number {
  if (wanted === candidate) return 0;
  return wanted.length >= 4 && candidate.includes(wanted) ? 0.5 : editDistance(wanted, candidate);
}

/** Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment. */
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        cell(previous, column) + 1,
        cell(current, column - 1) + 1,
        cell(previous, column - 1) + (same ? 0 : 1),
        swapped ? cell(beforePrevious, column - 2) + 1 : Infinity,
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return cell(previous, right.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
