import { problemAt, typesOf, type MfjsRule } from "./schema-node.ts";

interface Bounds {
  readonly types: readonly string[];
  readonly least: string;
  readonly most: string;
  readonly complaint: (keyword: string, value: unknown) => string | undefined;
}

const count: Bounds["complaint"] = (keyword, value) => {
  if (!Number.isInteger(value)) return `${keyword} must be an integer`;
  return Number(value) < 0 ? `${keyword} must be non-negative` : undefined;
};

const real: Bounds["complaint"] = (keyword, value) =>
  typeof value === "number" ? undefined : `${keyword} must be a number`;

const whole: Bounds["complaint"] = (keyword, value) => {
  if (typeof value !== "number") return `${keyword} must be an integer`;
  return Number.isInteger(value) ? undefined : `${keyword} is not a valid integer`;
};

const boundsTable: readonly Bounds[] = [
  { types: ["string"], least: "minLength", most: "maxLength", complaint: count },
  { types: ["array"], least: "minItems", most: "maxItems", complaint: count },
  { types: ["number"], least: "minimum", most: "maximum", complaint: real },
  { types: ["integer"], least: "minimum", most: "maximum", complaint: whole },
];

/** Bounds are numbers of the right kind and do not cross. */
export const checkBounds: MfjsRule = ({ schema, path }) => {
  const types = typesOf(schema);
  for (const { types: applies, least, most, complaint } of boundsTable) {
    if (!applies.some((type) => types.includes(type))) continue;
    for (const keyword of [least, most]) {
      const message = keyword in schema ? complaint(keyword, schema[keyword]) : undefined;
      if (message !== undefined) return problemAt([...path, keyword], message);
    }
    if (Number(schema[least]) > Number(schema[most])) {
      return problemAt([...path, least], `${least} cannot be greater than ${most}`);
    }
  }
  return undefined;
};
