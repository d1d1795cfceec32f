import type { Clock } from "./clock.ts";

export interface Waiters<State> {
  /** Resolves when `isTrue` holds of the state; rejects after `timeoutMs` with the state as its cause. */
  readonly waitFor: (isTrue: (state: State) => boolean, timeoutMs?: number) => Promise<void>;
  /** The state changed: looks who waited for that. */
  readonly look: () => void;
  readonly rejectAll: (error: Error) => void;
}

/** Promises for states to come. */
export function createWaiters<State>(state: State, clock: Clock): Waiters<State> {
  const waiting = new Set<{ look: () => void; reject: (error: Error) => void }>();
  let over: Error | undefined;

  function waitFor(isTrue: (state: State) => boolean, timeoutMs = 5000): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settle = (act: () => void): void => {
      cancel();
      waiting.delete(waiter);
      act();
    };
    const waiter = {
      look: () => {
        try {
          if (isTrue(state)) settle(resolve);
        } catch (error) {
          settle(() => reject(error));
        }
      },
      reject: (error: Error) => settle(() => reject(error)),
    };
    const cancel = clock.after(timeoutMs, () =>
      waiter.reject(new Error(`not true within ${timeoutMs} ms: ${String(isTrue)}`, { cause: state })),
    );
    waiting.add(waiter);
    waiter.look();
    if (over) waiter.reject(over);
    return promise;
  }

  return {
    waitFor,
    look: () => {
      for (const waiter of waiting) waiter.look();
    },
    rejectAll: (error) => {
      over = error;
      for (const waiter of waiting) waiter.reject(error);
    },
  };
}
