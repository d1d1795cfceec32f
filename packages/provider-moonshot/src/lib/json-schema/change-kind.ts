/**
 * What was done to a schema, in words of ours alone: adjustments go to headers and logs, so neither the caller's
 * property names nor the caller's own keywords may be among them. A closed list lets nothing else in.
 */
export type ChangeKind =
  | "$schema removed"
  | "definitions became $defs"
  | "$ref pointed into $defs"
  | "$ref joined with the keywords beside it"
  | "$ref cleared of repeated keywords"
  | "$ref wrapped in anyOf"
  | "$ref replaced by its definition"
  | "allOf became $ref"
  | "allOf joined"
  | "anyOf or oneOf moved into allOf"
  | "oneOf became anyOf"
  | "keywords beside anyOf moved into it"
  | "impossible branches of anyOf removed"
  | "repeated annotations in anyOf removed"
  | "const became enum"
  | "impossible values of enum removed"
  | "nullable removed"
  | "nullable became type null"
  | "type added"
  | "type list became anyOf"
  | "items list became prefixItems"
  | "empty items removed"
  | "items false became maxItems"
  | "undeclared names removed from required"
  | "required names added to properties"
  | "boolean schema became an object"
  | "missing parameters added"
  | "part of it left that cannot be expressed";

export const cannotBeExpressed: ChangeKind = "part of it left that cannot be expressed";
