/**
 * One change an adapter made to a request before sending it. Shown to the caller in a response header, in the
 * log and in `explain`, so it never holds text of the conversation or of a schema.
 */
export interface Adjustment {
  /** Where: a parameter name or a JSON path such as `messages[2].content`. */
  readonly parameter: string;
  readonly action: "changed" | "removed" | "added" | "renamed";
  /** The old value, when it is a plain parameter (a number, a flag, a word). */
  readonly from?: string | number | boolean;
  /** The new value, likewise; for `renamed` the new name. */
  readonly to?: string | number | boolean;
  /** Why, in one sentence a developer can act on. */
  readonly reason: string;
  /**
   * `meaning`: the model may answer differently than the caller asked for; strict mode refuses these.
   * `spelling`: the same request in the provider's words.
   * `configured`: the operator's own default or drop for the deployment, or what became of such a default.
   */
  readonly effect: "meaning" | "spelling" | "configured";
}
