import { compileNode } from "./compile-strategy.ts";
import type { Compilation, IgnoredKey, LeafInput, Spelling } from "./compile-strategy.ts";
import { noSettings } from "./leaf-settings.ts";
import type { LeafSettings, UnboundTree } from "./leaf-settings.ts";
import { sharedNodeKeys } from "./portkey-config-schema.ts";
import type { ConfigNode } from "./portkey-config-schema.ts";
import type { Compiled, Place } from "./route-problem.ts";
import { compiled, problemAt } from "./route-problem.ts";
import { jsonPath } from "../contract/parse-chat-request.ts";

/** How a Portkey config names where to go. What is undefined is for the request to say. */
export interface TargetSpec {
  /** A provider's id, or `@slug` of a virtual key. */
  readonly provider?: string;
  readonly apiKey?: string;
  readonly virtualKey?: string;
  /** `override_params.model`; may begin with `@slug/`. */
  readonly model?: string;
  readonly customHost?: string;
  /** Headers of the client's request that go on to the provider; names in lower case. */
  readonly forwardHeaders: readonly string[];
  /** The provider is the one the request itself names. */
  readonly isPassThrough: boolean;
}

export interface PortkeyConfig {
  /** Bound to deployments by `bindTargets`, once the request's model is known. */
  readonly tree: UnboundTree<TargetSpec>;
  readonly ignored: readonly IgnoredKey[];
}

export interface PortkeyConfigOptions {
  /** Where it was written; "config" when it came with a request. */
  readonly place?: Place;
  /** Whether requests may be sent to this address; no address may when left out. */
  readonly allowCustomHost?: (url: string) => boolean;
}

/** A Portkey config, parsed from its JSON, as a tree. Every mistake is reported, none is half-applied. */
export function compilePortkeyConfig(
  value: unknown,
  options: PortkeyConfigOptions = {},
): Compiled<PortkeyConfig> {
  const compilation: Compilation = { problems: [], ignored: [] };
  const place = options.place ?? ["config"];
  const spelling = portkeySpelling(options);
  const tree = compileNode(value, { ...compilation, spelling, place, settings: noSettings, lineage: [] });
  return compiled(tree && { tree, ignored: compilation.ignored }, compilation.problems);
}

function portkeySpelling(options: PortkeyConfigOptions): Spelling<TargetSpec> {
  return {
    keys: [...sharedNodeKeys, ...targetKeys, "custom_host", "forward_headers"],
    ignores,
    expand: (value) => value,
    readLeaf,
    check: (node, place, compilation) => {
      checkCustomHost(node.custom_host, [...place, "custom_host"], compilation, options);
      checkForwardHeaders(node.forward_headers, [...place, "forward_headers"], compilation);
      checkModel(node, place, compilation);
      if (node.targets !== undefined) reportIdleTarget(node, place, compilation);
    },
  };
}

const targetKeys = ["provider", "api_key", "virtual_key", "passthrough"] as const;

/** Documented by Portkey, known and not acted upon: caching, guardrails, stored prompts, its strictness switch. */
const ignoredKeys: ReadonlySet<string> = new Set([
  "cache",
  "prompt_id",
  "fetch_integrated_models",
  "strict_open_ai_compliance",
  "on_status_codes",
  "input_guardrails",
  "output_guardrails",
  "before_request_hooks",
  "after_request_hooks",
  "input_mutators",
  "output_mutators",
  "resource_name",
  "deployment_id",
  "api_version",
  "deployments",
]);

function ignores(key: string): string | undefined {
  if (ignoredKeys.has(key)) return `${key} has no effect here.`;
  const ofProvider = /^(?:azure|aws|amz|vertex|openai|anthropic|huggingface|workers_ai|snowflake)_/u.exec(
    key,
  );
  return ofProvider === null ? undefined : `${key} belongs to a provider that is configured elsewhere here.`;
}

function readLeaf({ node, place, settings, lineage }: LeafInput): UnboundTree<TargetSpec> {
  const { model, ...overrides } = settings.changes.overrides;
  const own: LeafSettings = { ...settings, changes: { ...settings.changes, overrides } };
  const customHost = nearest(lineage, ({ custom_host: host }) => host);
  const headers = nearest(lineage, ({ forward_headers: names }) => names) ?? [];
  const target: TargetSpec = {
    ...(node.provider !== undefined && { provider: node.provider }),
    ...(node.api_key !== undefined && { apiKey: node.api_key }),
    ...(node.virtual_key !== undefined && { virtualKey: node.virtual_key }),
    ...(typeof model === "string" && { model }),
    ...(customHost !== undefined && { customHost }),
    forwardHeaders: headers.map((name) => name.toLowerCase()),
    isPassThrough: node.passthrough === true,
  };
  return { kind: "unbound", path: jsonPath(place), place, target, settings: own };
}

function nearest<Value>(
  lineage: readonly ConfigNode[],
  read: (node: ConfigNode) => Value | undefined,
): Value | undefined {
  return lineage.map(read).findLast((value) => value !== undefined);
}

function checkCustomHost(
  host: string | undefined,
  place: Place,
  { problems }: Compilation,
  { allowCustomHost }: PortkeyConfigOptions,
): void {
  if (host === undefined) return;
  const url = URL.parse(host);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    problems.push(problemAt(place, "expected an address that begins with https:// or http://"));
  } else if (url.username + url.password !== "") {
    problems.push(problemAt(place, "an address cannot hold a user name or a password"));
  } else if (allowCustomHost?.(host) !== true) {
    problems.push(problemAt(place, `requests may not be sent to ${url.host}`));
  }
}

/** A list of headers that lists itself would grow at every gateway it passes. */
/** Keys of this gateway and of the caller, and what belongs to the connection the request came on. */
const neverForwarded =
  /^(?:authorization|cookie|x-api-key|api-key|x-portkey-.*|x-litellm-.*|proxy-.*|host|content-.*|connection|te|expect|upgrade|keep-alive|transfer-encoding|trailer|accept-encoding)$/i;

function checkForwardHeaders(names: readonly string[] = [], place: Place, { problems }: Compilation): void {
  for (const [index, name] of names.entries()) {
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/iu.test(name)) {
      problems.push(problemAt([...place, index], `${JSON.stringify(name)} cannot be the name of a header`));
    } else if (neverForwarded.test(name)) {
      problems.push(
        problemAt(
          [...place, index],
          `${JSON.stringify(name)} is not forwarded: it holds a key or frames the message`,
        ),
      );
    }
  }
}

function checkModel(node: ConfigNode, place: Place, { problems }: Compilation): void {
  const model = node.override_params?.["model"];
  if (model === undefined || (typeof model === "string" && model !== "")) return;
  problems.push(problemAt([...place, "override_params", "model"], "expected the name of a model"));
}

/** Portkey inherits settings, not targets. */
function reportIdleTarget(node: ConfigNode, place: Place, { ignored }: Compilation): void {
  for (const key of targetKeys) {
    if (node[key] === undefined) continue;
    const reason = `${key} has no effect beside targets, which name their own.`;
    ignored.push({ path: jsonPath([...place, key]), reason });
  }
}
