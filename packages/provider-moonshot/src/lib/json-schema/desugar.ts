import { rewriteItems, rewriteTuple } from "./rewrite-items.ts";
import { rewriteConst, rewriteNullable, rewriteOneOf } from "./rewrite-sugar.ts";
import type { LocalStep } from "./rewrite-step.ts";
import { isSchema } from "./schema.ts";

const steps: readonly LocalStep[] = [rewriteConst, rewriteNullable, rewriteOneOf, rewriteTuple, rewriteItems];
const silently = { report: () => undefined };

/** Spells keywords as the dialect does, without telling; schemas are compared and joined in this spelling. */
export function desugar(schema: unknown): unknown {
  return isSchema(schema) ? steps.reduce((plain, step) => step(plain, silently), schema) : schema;
}
