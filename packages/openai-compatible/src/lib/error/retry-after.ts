/**
 * The wait a provider asks for, in milliseconds, from `retry-after-ms` or `retry-after`. A date is read
 * relative to the response's own `date` header, so that no clock is needed; without it, it says nothing.
 */
export function readRetryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  return (
    readNumber(headers["retry-after-ms"], 1) ??
    readNumber(headers["retry-after"], 1000) ??
    readDate(headers["retry-after"], headers["date"])
  );
}

function readNumber(text: string | undefined, unitMs: number): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text)
    ? Math.ceil(Number(text) * unitMs)
    : undefined;
}

function readDate(until: string | undefined, sentAt: string | undefined): number | undefined {
  if (until === undefined || sentAt === undefined) return undefined;
  const waitMs = Date.parse(until) - Date.parse(sentAt);
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
