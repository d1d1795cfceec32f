/**
 * Whether a caller's text may stand in an adjustment, which ends in headers and logs: one short word, such as the
 * name of a level, and nothing that could be a piece of the conversation.
 */
export function isPlainWord(value: unknown): value is string {
  return typeof value === "string" && /^[\w.-]{1,64}$/.test(value);
}
