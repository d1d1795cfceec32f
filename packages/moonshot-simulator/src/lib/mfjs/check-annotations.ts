import { problemAt, type MfjsRule } from "./schema-node.ts";

const textKeywords = ["description", "title", "pattern", "$id"] as const;

export const checkTexts: MfjsRule = ({ schema, path }) => {
  const wrong = textKeywords.find((keyword) => keyword in schema && typeof schema[keyword] !== "string");
  return wrong === undefined ? undefined : problemAt([...path, wrong], `${wrong} must be a string`);
};
