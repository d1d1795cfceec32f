import type { z } from "zod";

/** What keeps a value from being what the schema describes, by place and expectation, never by content. */
export function findFault(schema: z.ZodType, value: unknown): string | undefined {
  const result = schema.safeParse(value);
  if (result.success) return undefined;
  const [issue] = result.error.issues;
  return `${issue?.path.join(".") ?? "it"}: ${issue?.message ?? "unexpected"}`;
}
