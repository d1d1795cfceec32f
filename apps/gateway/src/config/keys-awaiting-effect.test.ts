import { describe, expect, it } from "vitest";
import { sectionSchemas } from "./config-schema.ts";
import { keysAwaitingEffect } from "./keys-awaiting-effect.ts";
import { keysWithoutEffect } from "./litellm-keys.ts";

describe("the list of keys that await their effect", () => {
  it.each(Object.entries(keysAwaitingEffect))(
    "names keys of the schema of %s, none of them without effect",
    (section, keys) => {
      const schema = Object.entries(sectionSchemas).find(([name]) => name === section)?.[1];
      const inert: readonly string[] =
        Object.entries(keysWithoutEffect).find(([name]) => name === section)?.[1] ?? [];
      expect(Object.keys(schema?.shape ?? {})).toEqual(expect.arrayContaining([...keys]));
      expect(keys.filter((key) => inert.includes(key))).toEqual([]);
    },
  );
});
