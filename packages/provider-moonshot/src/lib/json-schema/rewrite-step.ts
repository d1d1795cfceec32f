import type { Definitions } from "./definitions.ts";
import type { ChangeKind } from "./change-kind.ts";
import type { Schema } from "./schema.ts";

export interface SchemaChange {
  /** From the root "$" by keywords, property names and branch numbers. */
  readonly path: string;
  readonly kind: ChangeKind;
  /** What was done and why; names keywords and properties, never other values. */
  readonly change: string;
  /** The new schema accepts something else than the old one. */
  readonly isInexact?: true;
}

/** The node under rewriting. */
export interface Place {
  readonly path: string;
  readonly definitions: Definitions;
  readonly report: Report;
}

export type Report = (kind: ChangeKind, change: string, exactness?: "inexact") => void;

/** One rewriting of one node; returns the very same object when it has nothing to do. */
export type RewriteStep = (schema: Schema, place: Place) => Schema;

/** A step that looks at one node alone. */
export type LocalStep = (schema: Schema, place: Pick<Place, "report">) => Schema;
