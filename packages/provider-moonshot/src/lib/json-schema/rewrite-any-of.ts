import { isAnnotation } from "./annotation.ts";
import { cannotBeExpressed } from "./change-kind.ts";
import { contradiction, inseparable, intersect, type Intersection } from "./intersect.ts";
import { desugar } from "./desugar.ts";
import type { RewriteStep } from "./rewrite-step.ts";
import { isSchema, without, type Schema } from "./schema.ts";

/** What is demanded beside `anyOf` holds for every branch, and only there does Moonshot accept it. */
export const pushIntoAnyOf: RewriteStep = (schema, { report }) => {
  const branches = schema["anyOf"];
  const shared = Object.keys(schema).filter((keyword) => keyword !== "anyOf" && !isAnnotation(keyword));
  if (!Array.isArray(branches) || branches.length === 0 || shared.length === 0) return schema;
  const described = without(schema, ...shared);
  const demands = without(schema, ...Object.keys(described));
  const possible = branches.map((branch) => joinBranch(branch, demands)).filter((one) => one !== undefined);
  if (possible.length === 0) {
    report(
      cannotBeExpressed,
      "cannot be expressed: every branch of anyOf contradicts the keywords beside it",
    );
    return schema;
  }
  report("keywords beside anyOf moved into it", `${shared.join(", ")} beside anyOf moved into its branches`);
  if (possible.length < branches.length) {
    report(
      "impossible branches of anyOf removed",
      "branches of anyOf that contradict the keywords beside it were removed",
    );
  }
  return { ...described, anyOf: possible };
};

function joinBranch(branch: unknown, demands: Schema): unknown {
  if (branch === false) return undefined;
  const plain = desugar(branch === true ? {} : branch);
  if (!isSchema(plain)) return branch;
  const joined: Intersection = intersect(plain, demands);
  if (joined === contradiction) return undefined;
  return joined === inseparable ? { allOf: [demands, plain] } : joined;
}

/** A branch that nothing satisfies adds nothing. */
export const dropFalseBranches: RewriteStep = (schema, { report }) => {
  const branches = schema["anyOf"];
  if (!Array.isArray(branches) || !branches.includes(false)) return schema;
  const possible = branches.filter((branch) => branch !== false);
  if (possible.length === 0) return schema;
  report("impossible branches of anyOf removed", "branches of anyOf that allow nothing were removed");
  return { ...schema, anyOf: possible };
};

/** A default, example or the like stands beside `anyOf` or inside it; the outer one speaks for the whole. */
export const dropRepeatedAnnotations: RewriteStep = (schema, { report }) => {
  if (!Array.isArray(schema["anyOf"])) return schema;
  const outer = Object.keys(schema).filter(
    (keyword) => isAnnotation(keyword) && keyword !== "description" && keyword !== "title",
  );
  const repeats = (branch: unknown): branch is Schema =>
    isSchema(branch) && outer.some((keyword) => Object.hasOwn(branch, keyword));
  if (!schema["anyOf"].some(repeats)) return schema;
  report(
    "repeated annotations in anyOf removed",
    "annotations inside anyOf that also stand beside it were removed",
  );
  return {
    ...schema,
    anyOf: schema["anyOf"].map((branch) => (repeats(branch) ? without(branch, ...outer) : branch)),
  };
};
