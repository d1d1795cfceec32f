import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeGateway } from "../../src/composition-root.ts";
import { emptyConfig } from "../../src/config/gateway-config.ts";
import { ENDPOINTS } from "../../src/tokens.ts";
import { openRaw } from "../raw-http.ts";
import { errorOf, hello, masterKey, providerKey, startGateway } from "./start-gateway.ts";
import type { TestGateway, WireError } from "./start-gateway.ts";

const { endpoints } = composeGateway({ config: emptyConfig(), environment: {} }).resolve(ENDPOINTS);
const routes = endpoints.flatMap(({ method, path, access }) =>
  ["", "/v1"].map((prefix) => ({ method, path: prefix + path.replaceAll(/\{\w+\+?\}/g, "x"), access })),
);

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const digest = createHash("sha256").update(masterKey).digest("hex");

const denied: [string, Record<string, string>][] = [
  ["no key", {}],
  ["a wrong key", bearer("sk-wrong")],
  ["the provider's key", bearer(providerKey)],
  ["the beginning of the key", bearer(masterKey.slice(0, -1))],
  ["the key and more", bearer(`${masterKey}x`)],
  ["the hash of the key", bearer(digest)],
  ["the key in basic authentication", { authorization: `Basic ${btoa(`:${masterKey}`)}` }],
  ["an empty Bearer", { authorization: "Bearer " }],
  ["a wrong x-api-key", { "x-api-key": "sk-wrong" }],
  ["a wrong api-key", { "api-key": "sk-wrong" }],
  ["a wrong x-portkey-api-key", { "x-portkey-api-key": "sk-wrong" }],
  ["a wrong x-litellm-api-key", { "x-litellm-api-key": "sk-wrong" }],
  ["a wrong x-portkey-api-key beside the key", { "x-portkey-api-key": "sk-wrong", ...bearer(masterKey) }],
  ["a wrong x-api-key beside the key", { "x-api-key": "sk-wrong", ...bearer(masterKey) }],
  ["Portkey's placeholder of Python", bearer("OPENAI_API_KEY")],
  ["Portkey's placeholder of Node", { authorization: "DUMMY-KEY" }],
  ["an empty x-portkey-api-key", { "x-portkey-api-key": "" }],
  ["a virtual key alone", { "x-portkey-virtual-key": "team" }],
  ["a virtual key as provider alone", { "x-portkey-provider": "@team" }],
  ["a provider key of one's own alone", { "x-portkey-provider": "moonshot", ...bearer("sk-my-own") }],
  ["a wrong virtual key alone", { "x-portkey-virtual-key": "nobody" }],
  ["an unknown provider alone", { "x-portkey-provider": "nobody" }],
];

const allowed: [string, Record<string, string>][] = [
  ["the key in Authorization", bearer(masterKey)],
  ["the key in Authorization without Bearer", { authorization: masterKey }],
  ["the key in Authorization with a small bearer", { authorization: `bearer ${masterKey}` }],
  ["the key in x-api-key", { "x-api-key": masterKey }],
  ["the key in api-key", { "api-key": masterKey }],
  ["the key in x-portkey-api-key", { "x-portkey-api-key": masterKey }],
  ["the key in x-litellm-api-key", { "x-litellm-api-key": `Bearer ${masterKey}` }],
  ["the key beside an empty x-portkey-api-key", { "x-portkey-api-key": "", ...bearer(masterKey) }],
  ["the key beside a placeholder", { "x-portkey-api-key": masterKey, ...bearer("OPENAI_API_KEY") }],
  ["a virtual key with the key", { "x-portkey-virtual-key": "team", ...bearer(masterKey) }],
  [
    "a provider key of one's own with the key",
    { "x-portkey-provider": "moonshot", "x-portkey-api-key": masterKey, ...bearer("sk-my-own") },
  ],
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({
    config: {
      general_settings: { master_key: masterKey },
      virtual_keys: { team: { provider: "moonshot", api_key: "sk-of-the-team" } },
    },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const call = (method: string, path: string, headers: Record<string, string>) =>
  fetch(gateway.url + path, { method, headers });

it("only the liveness and readiness checks are public", () => {
  const open = endpoints.filter(({ access }) => access === "public").map(({ path }) => path);
  expect(open).toEqual(["/health/liveliness", "/health/liveness", "/health/readiness"]);
});

describe.each(routes.filter(({ access }) => access === "key"))("$method $path", ({ method, path }) => {
  it.each(denied)("is closed to %s", async (_, headers) => {
    const asked = gateway.simulator.requests.length;
    const response = await call(method, path, headers);
    const error = await errorOf(response);
    expect([response.status, error.type, error.code]).toEqual([
      401,
      "authentication_error",
      "invalid_api_key",
    ]);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(gateway.simulator.requests).toHaveLength(asked);
  });

  it("is closed to the key in the query", async () => {
    const response = await call(method, `${path}?key=${masterKey}&api_key=${masterKey}`, {});
    expect(response.status).toBe(401);
  });

  it.each(allowed)("is open to %s", async (_, headers) => {
    const response = await call(method, path, headers);
    await response.arrayBuffer();
    expect([401, 403, 500, 502]).not.toContain(response.status);
  });
});

describe.each(routes.filter(({ access }) => access === "public"))("$method $path", ({ method, path }) => {
  it("is open to anybody", async () => {
    const response = await call(method, path, bearer("sk-wrong"));
    await response.arrayBuffer();
    expect(response.status).toBe(200);
  });
});

describe("the key a provider is sent", () => {
  const used = async (headers: Record<string, string>, model = "moonshot/moonshot-v1-8k") => {
    const response = await gateway.post("/chat/completions", { ...hello, model }, headers);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    return gateway.simulator.requests.at(-1)?.headers.authorization;
  };

  it("is the operator's for the master key", async () => {
    expect(await used(bearer(masterKey))).toBe(`Bearer ${providerKey}`);
  });

  it("is the operator's when the master key is all there is beside a provider's name", async () => {
    expect(await used({ "x-portkey-provider": "moonshot", ...bearer(masterKey) })).toBe(
      `Bearer ${providerKey}`,
    );
  });

  it("is the operator's when the Portkey SDK sends its key twice", async () => {
    const headers = {
      "x-portkey-api-key": masterKey,
      "x-portkey-provider": "moonshot",
      ...bearer(masterKey),
    };
    expect(await used(headers)).toBe(`Bearer ${providerKey}`);
  });

  it.each([
    ["in x-portkey-virtual-key", { "x-portkey-virtual-key": "team" }, "moonshot-v1-8k"],
    ["in x-portkey-provider", { "x-portkey-provider": "@team" }, "moonshot/moonshot-v1-8k"],
    ["in the model", {}, "@team/moonshot-v1-8k"],
    ["in both, once stripped", { "x-portkey-virtual-key": "team" }, "@anything/moonshot-v1-8k"],
  ])("is the virtual key's, named %s", async (_, headers, model) => {
    const key = await used({ "x-portkey-api-key": masterKey, ...(headers as Record<string, string>) }, model);
    expect(key).toBe("Bearer sk-of-the-team");
  });

  it.each(["Bearer sk-my-own", "sk-my-own"])("is the caller's own, sent as %s", async (authorization) => {
    const headers = { authorization, "x-portkey-api-key": masterKey, "x-portkey-provider": "moonshot" };
    expect(await used(headers)).toBe("Bearer sk-my-own");
  });
});

it.each([
  [{ "x-portkey-virtual-key": "nobody" }, "unknown_virtual_key", "Following keys are not valid: nobody"],
  [{ "x-portkey-provider": "nobody" }, "unknown_provider", "installed here: moonshot"],
])("a name nobody knows is told to who may call: %j", async (headers, code, words) => {
  const response = await gateway.post("/chat/completions", hello, {
    "x-portkey-api-key": masterKey,
    ...(headers as Record<string, string>),
  });
  const error = await errorOf(response);
  expect([response.status, error.code]).toEqual([400, code]);
  expect(error.message).toContain(words);
});

it("a provider key of one's own without the gateway's is told what is missing", async () => {
  const response = await gateway.post("/chat/completions", hello, {
    "x-portkey-provider": "moonshot",
    ...bearer("sk-my-own"),
  });
  expect((await errorOf(response)).message).toContain("x-portkey-api-key");
});

describe("a gateway without a key", () => {
  const ask = async (host: string) => {
    await using open = await startGateway();
    const client = await openRaw(open.port);
    const answer = await client.send(`GET /models HTTP/1.1\r\nHost: ${host}\r\n\r\n`).answer();
    client.socket.destroy();
    return answer;
  };

  it.each(["localhost", "127.0.0.1", "[::1]"])("answers under %s", async (host) => {
    expect((await ask(host)).status).toBe(200);
  });

  it("does not answer a web page that made its own name lead here", async () => {
    const { status, body } = await ask("evil.example.com");
    expect([status, (JSON.parse(body) as WireError).error.code]).toEqual([401, "host_not_local"]);
  });

  it("uses a provider key of the caller's own", async () => {
    await using open = await startGateway();
    const headers = { "x-portkey-provider": "moonshot", ...bearer("sk-my-own") };
    await (
      await open.post("/chat/completions", { ...hello, model: "moonshot-v1-8k" }, headers)
    ).arrayBuffer();
    expect(open.simulator.requests[0]?.headers.authorization).toBe("Bearer sk-my-own");
  });

  it.each(["OPENAI_API_KEY", "DUMMY-KEY", ""])("takes the placeholder %j for no key", async (placeholder) => {
    await using open = await startGateway();
    const headers = { "x-portkey-provider": "moonshot", "x-portkey-api-key": "", ...bearer(placeholder) };
    await (
      await open.post("/chat/completions", { ...hello, model: "moonshot-v1-8k" }, headers)
    ).arrayBuffer();
    expect(open.simulator.requests[0]?.headers.authorization).toBe(`Bearer ${providerKey}`);
  });
});
