import { z } from "zod";
import { configSchema, sectionSchemas } from "./config-schema.ts";
import { keysAwaitingEffect } from "./keys-awaiting-effect.ts";
import type { Section } from "./litellm-keys.ts";

const reference = { type: "string", pattern: "^os\\.environ/.+$" } as const;

/** The JSON Schema (draft 2020-12) of a configuration file, for editors: the same schemas that the start-up check uses. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    target: "draft-2020-12",
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      noteKeysAwaitingEffect(zodSchema, jsonSchema);
      allowReference(jsonSchema);
    },
  });
  return { ...schema, title: "Perilune configuration" };
}

/** In a file, a number or a switch may be written as os.environ/NAME. */
function allowReference(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const isTextual = jsonSchema.enum !== undefined || jsonSchema.pattern !== undefined;
  const isNarrow =
    jsonSchema.type === "number" || jsonSchema.type === "integer" || jsonSchema.type === "boolean";
  if (!isNarrow && !isTextual) return;
  const { description, ...rest } = jsonSchema;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  if (description !== undefined) jsonSchema.description = description;
  jsonSchema.anyOf = [rest, { ...reference }];
}

function noteKeysAwaitingEffect(zodSchema: z.core.$ZodType, jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const section = sectionOf(zodSchema);
  if (section === undefined) return;
  for (const key of keysAwaitingEffect[section]) {
    const property = jsonSchema.properties?.[key];
    if (typeof property !== "object") continue;
    property.description = `${property.description ?? ""} Has no effect in this version.`.trim();
  }
}

function sectionOf(zodSchema: z.core.$ZodType): Section | undefined {
  const found = Object.entries(sectionSchemas).find(([, schema]) => schema === zodSchema);
  // The entries of `sectionSchemas` are keyed by Section.
  return found?.[0] as Section | undefined;
}
