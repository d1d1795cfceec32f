type Known<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Leaves out keys whose value is undefined: a setting that is not there is not a setting of "nothing". */
export function withoutUndefined<T extends object>(value: T): Known<T> {
  // Object.entries and fromEntries lose the key names; nothing but undefined values is taken away.
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Known<T>;
}
