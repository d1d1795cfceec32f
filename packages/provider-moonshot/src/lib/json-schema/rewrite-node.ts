import type { ChangeKind } from "./change-kind.ts";
import { Definitions } from "./definitions.ts";
import { mapPlaces, placesRead } from "./schema-places.ts";
import { dropFalseBranches, dropRepeatedAnnotations, pushIntoAnyOf } from "./rewrite-any-of.ts";
import { rewriteAllOf, rewriteRefSiblings } from "./rewrite-all-of.ts";
import { rewriteItems, rewriteTuple } from "./rewrite-items.ts";
import { reportPropertyNamedRef, rewriteRequired } from "./rewrite-required.ts";
import type { Place, RewriteStep, SchemaChange } from "./rewrite-step.ts";
import { rewriteConst, rewriteNullable, rewriteOneOf } from "./rewrite-sugar.ts";
import { inferType, rewriteEnum, splitTypes } from "./rewrite-type.ts";
import { anything, isSchema, nothing, type Schema } from "./schema.ts";

/** Brings a whole document into Moonshot's dialect. */
export function rewriteDocument(document: Schema, report: (change: SchemaChange) => void): Schema {
  return rewriteNode(document, "$", { definitions: definitionsOf(document), report });
}

const report = () => undefined;

/** The definitions of a document; those asked for are rewritten silently, for they report in their own place. */
export function definitionsOf(document: Schema): Definitions {
  const path = "$.$defs";
  return new Definitions(document, {
    whole: (definition, definitions) => rewriteNode(definition, path, { definitions, report }),
    surface: (definition, definitions) => rewriteSurface(definition, { path, definitions, report }),
  });
}

/** The order matters: joined schemas come before what looks at types, and unions last of all that make them. */
const steps: readonly RewriteStep[] = [
  rewriteConst,
  rewriteNullable,
  rewriteOneOf,
  rewriteRefSiblings,
  rewriteAllOf,
  rewriteConst,
  rewriteTuple,
  rewriteItems,
  dropFalseBranches,
  pushIntoAnyOf,
  inferType,
  rewriteEnum,
  splitTypes,
  rewriteRequired,
  reportPropertyNamedRef,
];

interface Rewriting {
  readonly definitions: Definitions;
  readonly report: (change: SchemaChange) => void;
}

function rewriteNode(schema: Schema, path: string, rewriting: Rewriting): Schema {
  const place = {
    path,
    definitions: rewriting.definitions,
    report: (kind: ChangeKind, change: string, exactness?: "inexact") =>
      rewriting.report({ path, kind, change, ...(exactness === "inexact" && { isInexact: true as const }) }),
  };
  const complete = mapPlaces(rewriteSurface(schema, place), placesRead, path, (child, at) => {
    if (isSchema(child)) return rewriteChild(child, at, rewriting);
    return typeof child === "boolean" ? rewriteBoolean(child, at, rewriting) : child;
  });
  // Last, because joining schemas inside a branch may bring annotations to its surface.
  return dropRepeatedAnnotations(complete, place);
}

function rewriteSurface(schema: Schema, place: Place): Schema {
  return steps.reduce((current, step) => step(current, place), schema);
}

// `additionalProperties: {}` is the one empty schema Moonshot reads as "anything".
function rewriteChild(child: Schema, path: string, rewriting: Rewriting): Schema {
  const isAnyRest = path.endsWith(".additionalProperties") && Object.keys(child).length === 0;
  return isAnyRest ? child : rewriteNode(child, path, rewriting);
}

function rewriteBoolean(child: boolean, path: string, { report }: Rewriting): Schema {
  report({ path, kind: "boolean schema became an object", change: `the schema ${child} became an object` });
  return child ? anything : nothing;
}
