/** Where a key or value stands in a file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Map keys and list indices from the root of a file to a value. */
export type Path = readonly (string | number)[];

/** One thing the reader of a configuration has to know; never holds the value of a secret. */
export interface ConfigProblem extends Place {
  /** `model_list[0].litellm_params.model`; empty when the whole file is meant. */
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  /** What to write instead, offered as "Did you mean …?". */
  readonly suggestion?: string;
}

/** What is wrong, before it is known where it stands. */
export type Complaint = Pick<ConfigProblem, "message" | "expected" | "suggestion">;

/** Sorts problems the way a reader meets them: file by file in the order of reading, then from top to bottom. */
export function inFileOrder(problems: readonly ConfigProblem[], files: readonly string[]): ConfigProblem[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  const rankOf = (problem: ConfigProblem) => rank.get(problem.file) ?? files.length;
  return problems.toSorted(
    (left, right) => rankOf(left) - rankOf(right) || left.line - right.line || left.column - right.column,
  );
}
