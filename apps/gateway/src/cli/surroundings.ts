/** The outside of the process, so that a command can be run in a test. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  print(line: string): void;
  complain(line: string): void;
  /** Resolves when the process is asked to stop. */
  readonly stopped: Promise<void>;
}
