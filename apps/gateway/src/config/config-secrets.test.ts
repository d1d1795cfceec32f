import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { formatProblem } from "./format-problem.ts";
import { loadConfig } from "./load-config.ts";
import { installedProviders } from "../../test/broken-configs/installed-providers.ts";

const secretWord = fc.stringMatching(/^[0-9a-f]{32}$/u);

/** Places where a secret belongs, each beside a mistake, and places where somebody may paste one by accident. */
const places: readonly ((secret: string) => object)[] = [
  (secret) => ({ general_settings: { master_key: `${secret} with spaces` } }),
  (secret) => ({ general_settings: { master_key: [secret] } }),
  (secret) => ({ general_settings: { mastr_key: secret } }),
  (secret) => ({ virtual_keys: { team: { provider: secret, api_key: secret } } }),
  (secret) => ({ virtual_keys: { team: secret } }),
  (secret) => ({ virtual_keys: { [secret]: { provider: "moonshot" } } }),
  (secret) => ({ environment_variables: { NAME: [secret] } }),
  (secret) => ({ [secret]: secret }),
  (secret) => ({ model_list: secret }),
  (secret) => ({ include: secret }),
  (secret) => ({ router_settings: { routing_strategy: secret, fallbacks: [{ [secret]: [secret] }] } }),
  ...[
    (secret: string) => ({ model: secret }),
    (secret: string) => ({ model: `moonshot/${secret}` }),
    (secret: string) => ({ model: "moonshot/kimi-k3", timeout: secret }),
    () => ({ model: "moonshot/kimi-k3", weight: "os.environ/SECRET" }),
    (secret: string) => ({ model: "moonshot/kimi-k3", drop_params: secret }),
    (secret: string) => ({ model: "moonshot/kimi-k3", api_key: `${secret}\n` }),
    (secret: string) => ({ model: "moonshot/kimi-k3", api_base: `https://${secret}@host/` }),
    (secret: string) => ({ model: "moonshot/kimi-k3", api_base: `https://host/?key=${secret}` }),
    (secret: string) => ({
      model: "moonshot/kimi-k3",
      extra_headers: { "X-Key": `${secret}\n`, [secret]: "x y" },
    }),
    (secret: string) => ({ model: "moonshot/kimi-k3", extra_headers: { [`${secret} x`]: "" } }),
    (secret: string) => ({ model: "moonshot/kimi-k3", custom_llm_provider: secret }),
    (secret: string) => ({ model: "moonshot/kimi-k3", tags: secret }),
  ].map((params) => (secret: string) => ({
    model_list: [{ model_name: "kimi", litellm_params: params(secret) }],
  })),
];

function linesFor(text: string, secret: string): string {
  const result = loadConfig({
    path: "config.yaml",
    readFile: () => text,
    environment: {
      SECRET: secret,
      MOONSHOT_API_BASE: `https://${secret}@host/`,
      LITELLM_MASTER_KEY: `${secret} x`,
    },
    providers: installedProviders,
  });
  return [...(result.ok ? [] : result.problems), ...result.warnings].map(formatProblem).join("\n");
}

/** Places where even a short word is a secret, each beside a mistake. */
const secretPlaces: readonly ((secret: string) => object)[] = [
  (secret) => ({ general_settings: { master_key: `${secret} with spaces` } }),
  (secret) => ({ general_settings: { master_key: secret } }),
  (secret) => ({ virtual_keys: { team: { provider: "moonshot", api_key: `${secret} x` } } }),
  (secret) => ({
    environment_variables: { NAME: { value: secret } },
    litellm_settings: { cache_params: secret },
  }),
  (secret) => ({
    model_list: [
      {
        model_name: "kimi",
        litellm_params: {
          model: "moonshot/kimi-k3",
          api_key: `${secret}\n`,
          extra_headers: { "X-Team": `${secret}\n` },
          api_base: `ftp://${secret}@host`,
        },
      },
    ],
  }),
];

/** Kinds of broken YAML, each with a secret where the parser stumbles. */
const brokenTexts: readonly ((secret: string) => string)[] = [
  (secret) => `master_key: "${secret}`,
  (secret) => `master_key: !${secret} x`,
  (secret) => `master_key: *${secret}`,
  (secret) => `master_key: "\\q${secret}"`,
  (secret) => `%${secret}\n---\na: 1`,
  (secret) => `- a\n${secret}: 1`,
  (secret) => `a: 1\n}${secret}`,
  (secret) => `${secret}: 1\n${secret}: 2`,
  (secret) => `a: &${secret} [*${secret}]`,
  (secret) => `[${secret}`,
  (secret) => `a: [1] ${secret}`,
  (secret) => secret,
];

describe("a problem of a configuration", () => {
  it("never holds a secret, wherever it was written", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        secretWord,
        fc.constantFrom("", "sk-"),
        (place, word, prefix) => {
          const secret = prefix + word;
          const lines = linesFor(stringify(place(secret)), secret);
          expect(lines).not.toBe("");
          expect(lines).not.toContain(word);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(secretPlaces)("does not hold even a short word from a place of secrets (%#)", (place) => {
    const lines = linesFor(stringify(place("hunter2")), "hunter2");
    expect(lines).not.toBe("");
    expect(lines).not.toContain("hunter2");
  });

  it("never holds a secret when the file is not YAML", () => {
    fc.assert(
      fc.property(fc.constantFrom(...brokenTexts), secretWord, (brokenText, secret) => {
        const lines = linesFor(brokenText(secret), secret);
        expect(lines).not.toBe("");
        expect(lines).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });
});
