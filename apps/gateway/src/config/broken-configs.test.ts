import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatProblem } from "./format-problem.ts";
import { loadConfig } from "./load-config.ts";
import { installedProviders } from "../../test/broken-configs/installed-providers.ts";

const folder = new URL("../../test/broken-configs/fixtures/", import.meta.url);

const environment = {
  MOONSHOT_API_KEY: "sk-moonshot-key-of-the-tests",
  EMPTY_VARIABLE: "",
  KEY_WITH_LINE_BREAK: "sk-moonshot-key-of-the-tests\n",
};

/** Every broken file, and every line that a start with it prints. */
const expectedLines: Record<string, readonly string[]> = {
  "alias-bomb.yaml": [
    "alias-bomb.yaml:6:18 environment_variables.E[2]: aliases expand this file to more than 50000 values",
  ],
  "alias-inside-itself.yaml": [
    "alias-inside-itself.yaml:2:5 model_list[0][0]: this alias stands inside the value that it repeats",
  ],
  "base-url-with-credentials.yaml": [
    "base-url-with-credentials.yaml:5:17 model_list[0].litellm_params.api_base: expected an http or https URL without a user name or password, got text (not shown)",
    "base-url-with-credentials.yaml:9:17 model_list[1].litellm_params.api_base: expected an http or https URL without a query, got text (not shown)",
    'base-url-with-credentials.yaml:13:17 model_list[2].litellm_params.api_base: expected an http or https URL, got "api.moonshot.ai/v1". Did you mean https://api.moonshot.ai/v1?',
    "base-url-with-credentials.yaml:18:7 model_list[3].litellm_params.base_url: differs from api_base, which means the same; keep one of them",
  ],
  "empty-environment-variable.yaml": [
    "empty-environment-variable.yaml:2:15 general_settings.master_key: the environment variable EMPTY_VARIABLE is set but empty",
  ],
  "empty-file.yaml": ["empty-file.yaml:1:1 the file is empty, expected a map such as model_list: [...]"],
  "empty-values.yaml": [
    "empty-values.yaml:5:7 model_list[0].litellm_params.api_key: expected an API key, got nothing",
    "empty-values.yaml:6:7 model_list[0].litellm_params.timeout: expected a number of seconds, got nothing",
    'empty-values.yaml:7:17 model_list[1].model_name: expected the name that clients ask for, got ""',
    "empty-values.yaml:8:5 model_list[1].litellm_params: expected a map with at least model: provider/model, got nothing",
  ],
  "fallback-to-nowhere.yaml": [
    'fallback-to-nowhere.yaml:7:17 router_settings.fallbacks[0].kimi-k3[0]: no model_name "kimi-k33" in model_list. Did you mean kimi-k3?',
    'fallback-to-nowhere.yaml:8:7 router_settings.fallbacks[1].kimi-3: no model_name "kimi-3" in model_list. Did you mean kimi-k3?',
    'fallback-to-nowhere.yaml:9:16 router_settings.fallbacks[2].kimi-k3: expected a list of model names, got "kimi-k3". Did you mean ["kimi-k3"]?',
    'fallback-to-nowhere.yaml:11:11 router_settings.model_group_alias.fast: no model_name "elsewhere" in model_list',
  ],
  "header-of-the-connection.yaml": [
    "header-of-the-connection.yaml:6:9 model_list[0].litellm_params.extra_headers.Host: host belongs to the connection and cannot be set here",
    'header-of-the-connection.yaml:7:9 model_list[0].litellm_params.extra_headers."X Team": "X Team" cannot be the name of a header',
    "header-of-the-connection.yaml:9:9 model_list[0].litellm_params.extra_headers.x-team: x-team is already set above in other letters",
    "header-of-the-connection.yaml:11:9 model_list[0].litellm_params.extra_body.stream: comes with every request and cannot have a default",
  ],
  "include-is-not-a-list.yaml": [
    'include-is-not-a-list.yaml:1:10 include: expected a list of file names, got "models.yaml". Did you mean ["models.yaml"]?',
  ],
  "include-loop.yaml": [
    "included/loop.yaml:1:11 include[0]: include-loop.yaml includes included/loop.yaml includes include-loop.yaml: a file cannot include itself",
  ],
  "include-of-a-missing-file.yaml": [
    "include-of-a-missing-file.yaml:3:5 include[1]: included/nowhere.yaml cannot be read: no such file",
  ],
  "key-in-the-wrong-section.yaml": [
    "key-in-the-wrong-section.yaml:3:5 model_list[0].model: unknown key model. Did you mean model under litellm_params?",
    "key-in-the-wrong-section.yaml:7:3 general_settings.port: unknown key port. Did you mean port under server?",
    "key-in-the-wrong-section.yaml:8:3 general_settings.num_retries: unknown key num_retries. Did you mean num_retries under router_settings?",
    "key-in-the-wrong-section.yaml:9:1 master_key: unknown key master_key. Did you mean master_key under general_settings?",
    "key-in-the-wrong-section.yaml:9:13 master_key: the environment variable MASTER_KEY is not set",
  ],
  "key-with-a-line-break.yaml": [
    "key-with-a-line-break.yaml:5:16 model_list[0].litellm_params.api_key: expected an API key without spaces or line breaks, got text from the environment variable KEY_WITH_LINE_BREAK",
  ],
  "missing-environment-variable.yaml": [
    "missing-environment-variable.yaml:5:16 model_list[0].litellm_params.api_key: the environment variable MOONSHOT_API_KEYS is not set. Did you mean os.environ/MOONSHOT_API_KEY?",
    "missing-environment-variable.yaml:7:11 model_list[0].litellm_params.additional_drop_params[0]: the environment variable NOT_SET_ANYWHERE is not set",
    "missing-environment-variable.yaml:9:15 general_settings.master_key: os.environ/ names no environment variable",
  ],
  "missing-model-name.yaml": [
    "missing-model-name.yaml:2:5 model_list[0].model_name: missing, expected the name that clients ask for",
  ],
  "missing-model.yaml": [
    'missing-model.yaml:3:5 model_list[0].litellm_params.model: missing, expected "provider/model"',
  ],
  "misspelled-parameter.yaml": [
    "misspelled-parameter.yaml:5:7 model_list[0].litellm_params.temprature: unknown key temprature. Did you mean temperature?",
    "misspelled-parameter.yaml:6:7 model_list[0].litellm_params.num_retires: unknown key num_retires. Did you mean num_retries?",
    "misspelled-parameter.yaml:7:7 model_list[0].litellm_params.apiKey: unknown key apiKey. Did you mean api_key?",
  ],
  "misspelled-reference.yaml": [
    "misspelled-reference.yaml:2:11 environment_variables.REGION: expected os.environ/NAME to read an environment variable. Did you mean os.environ/REGION?",
    "misspelled-reference.yaml:7:16 model_list[0].litellm_params.api_key: expected os.environ/NAME to read an environment variable. Did you mean os.environ/MOONSHOT_API_KEY?",
  ],
  "misspelled-top-level-key.yaml": [
    "misspelled-top-level-key.yaml:1:1 modle_list: unknown key modle_list. Did you mean model_list?",
  ],
  "mistake-in-an-included-file.yaml": [
    "mistake-in-an-included-file.yaml:6:7 model_list[0].litellm_params.timeuot: unknown key timeuot. Did you mean timeout?",
    'included/bad-model.yaml:4:14 model_list[0].litellm_params.model: expected "provider/model", got "moonshot"',
  ],
  "model-list-is-a-map.yaml": [
    "model-list-is-a-map.yaml:2:3 model_list: expected a list of models, got a map",
  ],
  "model-without-provider.yaml": [
    'model-without-provider.yaml:4:14 model_list[0].litellm_params.model: expected "provider/model", got "kimi-k3". Did you mean moonshot/kimi-k3?',
    'model-without-provider.yaml:7:14 model_list[1].litellm_params.model: expected "provider/model", got "some-model"',
    'model-without-provider.yaml:10:14 model_list[2].litellm_params.model: expected "provider/model", got no model after the slash',
  ],
  "no-api-key-anywhere.yaml": [
    "no-api-key-anywhere.yaml:3:5 model_list[0].litellm_params.api_key: missing, and the environment variable OPENAI_API_KEY is not set; one of the two is needed",
  ],
  "number-where-text-belongs.yaml": [
    'number-where-text-belongs.yaml:2:17 model_list[0].model_name: expected the name that clients ask for, got 3. Did you mean "3"?',
    "number-where-text-belongs.yaml:6:24 model_list[0].litellm_params.extra_headers.X-Api-Version: expected text in quotes, got a number (not shown)",
  ],
  "repeated-deployment-id.yaml": [
    "repeated-deployment-id.yaml:7:23 model_list[1].model_info.id: first is already the id of model_list[0] (repeated-deployment-id.yaml:2:5)",
  ],
  "repeated-key.yaml": ["repeated-key.yaml:6:7 timeout is already set above in the same map"],
  "root-is-a-list.yaml": [
    "root-is-a-list.yaml:1:1 expected a map of settings such as model_list: [...], got a list",
  ],
  "settings-of-the-provider.yaml": [
    "settings-of-the-provider.yaml:6:17 model_list[0].litellm_params.provider_settings.region: global or china",
    "settings-of-the-provider.yaml:11:7 model_list[1].litellm_params.provider_settings: openai has no settings of its own",
  ],
  "several-mistakes-in-file-order.yaml": [
    "several-mistakes-in-file-order.yaml:2:15 general_settings.master_key: the environment variable NOT_SET_ANYWHERE is not set",
    'several-mistakes-in-file-order.yaml:6:14 model_list[0].litellm_params.model: unknown provider "moonshoot", expected one of moonshot, openai. Did you mean moonshot/kimi-k3?',
    'several-mistakes-in-file-order.yaml:7:16 model_list[0].litellm_params.timeout: expected a number of seconds, got "abc"',
    "several-mistakes-in-file-order.yaml:8:7 model_list[0].litellm_params.tempreature: unknown key tempreature. Did you mean temperature?",
    'several-mistakes-in-file-order.yaml:10:9 server.port: expected a whole number, from 0 to 65535, got "4000". Did you mean 4000?',
  ],
  "tab-indentation.yaml": ["tab-indentation.yaml:2:1 indented with a tab; YAML allows only spaces"],
  "timeout-is-text.yaml": [
    'timeout-is-text.yaml:5:16 model_list[0].litellm_params.timeout: expected a number of seconds, got "abc"',
    'timeout-is-text.yaml:6:23 model_list[0].litellm_params.stream_timeout: expected a number of seconds, got "2m". Did you mean 120?',
  ],
  "two-documents.yaml": ["two-documents.yaml:2:1 expected one YAML document, found a second one after ---"],
  "unclosed-quote.yaml": ["unclosed-quote.yaml:2:17 this quote is never closed"],
  "unknown-alias.yaml": [
    "unknown-alias.yaml:3:21 model_list[0].litellm_params: this alias names no anchor (&name) above it",
  ],
  "unknown-choice.yaml": [
    'unknown-choice.yaml:2:21 router_settings.routing_strategy: expected one of simple-shuffle, least-busy, usage-based-routing, usage-based-routing-v2, latency-based-routing, cost-based-routing, got "simple_shufle". Did you mean simple-shuffle?',
    "unknown-choice.yaml:4:5 router_settings.retry_policy.RateLimitRetries: unknown key RateLimitRetries, expected one of BadRequestErrorRetries, AuthenticationErrorRetries, TimeoutErrorRetries, RateLimitErrorRetries, ContentPolicyViolationErrorRetries, InternalServerErrorRetries",
  ],
  "unknown-provider.yaml": [
    'unknown-provider.yaml:4:14 model_list[0].litellm_params.model: unknown provider "mooonshot", expected one of moonshot, openai. Did you mean moonshot/kimi-k3?',
    'unknown-provider.yaml:7:14 model_list[1].litellm_params.model: unknown provider "zebra", expected one of moonshot, openai',
  ],
  "value-out-of-range.yaml": [
    "value-out-of-range.yaml:5:16 model_list[0].litellm_params.timeout: expected a number of seconds above 0, got 0",
    "value-out-of-range.yaml:6:15 model_list[0].litellm_params.weight: expected a number, 0 or more, got -1",
    "value-out-of-range.yaml:7:20 model_list[0].litellm_params.temperature: expected a number, from 0 to 2, got 2.5",
    "value-out-of-range.yaml:8:10 model_list[0].litellm_params.n: expected a whole number, 1 or more, got 1.5",
    "value-out-of-range.yaml:10:9 server.port: expected a whole number, from 0 to 65535, got 70000",
  ],
  "virtual-key-names.yaml": [
    'virtual-key-names.yaml:2:3 virtual_keys."Team A": expected a name of lower-case letters, digits, - and _. Did you mean team-a?',
    "virtual-key-names.yaml:4:3 virtual_keys.Team-B: expected a name of lower-case letters, digits, - and _; in lower case it is the same as another name here",
    'virtual-key-names.yaml:5:23 virtual_keys.team-c.provider: unknown provider "moonshoot", expected one of moonshot, openai. Did you mean moonshot?',
    "virtual-key-names.yaml:6:3 virtual_keys.team-d.api_key: missing, expected an API key",
  ],
  "weights-that-pick-nothing.yaml": [
    "weights-that-pick-nothing.yaml:3:56 model_list[0].litellm_params.weight: every deployment of kimi has weight 0, so none would ever be picked",
  ],
  "wildcard-with-nothing-to-fill-it.yaml": [
    'wildcard-with-nothing-to-fill-it.yaml:4:14 model_list[0].litellm_params.model: has 1 "*" to be filled, but model_name has none',
  ],
  "wrong-indentation.yaml": [
    "wrong-indentation.yaml:3:1 wrong indentation: this line fits neither its parent nor its neighbours",
  ],
  "yaml-1-1-boolean.yaml": [
    'yaml-1-1-boolean.yaml:2:16 litellm_settings.drop_params: expected true or false, got "yes". Did you mean true?',
  ],
  "yaml-tag.yaml": [
    "yaml-tag.yaml:2:15 YAML tags (!name) are not supported; write os.environ/NAME to read an environment variable",
  ],
};

const readFile = (path: string) => readFileSync(new URL(path, folder), "utf8");

function problemLines(file: string): string[] {
  const result = loadConfig({ path: file, readFile, environment, providers: installedProviders });
  return result.ok ? [] : result.problems.map(formatProblem);
}

describe("a broken configuration", () => {
  it.each(Object.entries(expectedLines))("%s stops the start with precise messages", (file, lines) => {
    expect(problemLines(file)).toEqual(lines);
  });

  it("is in this table for every file of the folder", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
    expect(Object.keys(expectedLines).sort()).toEqual(files.sort());
  });

  it("that does not exist says so", () => {
    expect(problemLines("nowhere.yaml")).toEqual([
      "nowhere.yaml:1:1 the configuration file cannot be read: no such file",
    ]);
  });

  it("that is a folder says so", () => {
    expect(problemLines("included")).toEqual([
      "included:1:1 the configuration file cannot be read: it is a folder",
    ]);
  });
});
