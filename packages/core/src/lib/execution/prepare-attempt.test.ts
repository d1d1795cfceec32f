import { describe, expect, it } from "vitest";
import { acme, acmeAdapter, acmeKey } from "../../../test/acme-provider.ts";
import { acmeDeployment } from "../../../test/try-chat.ts";
import type { Adjustment } from "../contract/adjustment.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import type { ProviderAdapter } from "../contract/provider-adapter.ts";
import { credentialHeader, prepareAttempt } from "./prepare-attempt.ts";

const request: ChatRequest = {
  model: "fast",
  messages: [{ role: "user", content: "Hi" }],
  x_unknown: { a: 1 },
};

describe("a prepared attempt", () => {
  it("is the provider's request below the base URL, unknown fields included, without the key", () => {
    const provider = acme({ baseUrl: "http://127.0.0.1:9/proxy/v1/" });
    const prepared = prepareAttempt(request, { ...acmeDeployment, provider });
    expect(prepared).toMatchObject({
      origin: "http://127.0.0.1:9",
      path: "/proxy/v1/chat/completions",
      method: "POST",
    });
    expect(JSON.parse(prepared.body)).toEqual({ ...request, model: "acme-1" });
    expect(JSON.stringify(prepared)).not.toContain(acmeKey);
  });

  it.each([
    [true, "text/event-stream"],
    [false, "application/json"],
    [undefined, "application/json"],
  ])("with stream %s accepts %s, uncompressed", (stream, accept) => {
    const asked = stream === undefined ? request : { ...request, stream };
    expect(prepareAttempt(asked, acmeDeployment).headers).toEqual({
      "content-type": "application/json",
      accept,
      "accept-encoding": "identity",
      "x-acme": "1",
    });
  });

  it("has one header per name, the deployment's own last", () => {
    const extraHeaders = { "X-ACME": "2", "x-team": "moon" };
    expect(prepareAttempt(request, { ...acmeDeployment, extraHeaders }).headers).toMatchObject({
      "x-acme": "2",
      "x-team": "moon",
    });
  });

  it("uses the deployment's defaults where the request says nothing, on record", () => {
    const deployment = { ...acmeDeployment, defaults: { temperature: 0.6, top_p: 0.9 } };
    const prepared = prepareAttempt({ ...request, temperature: 0.1 }, deployment);
    expect(JSON.parse(prepared.body)).toMatchObject({ temperature: 0.1, top_p: 0.9 });
    expect(prepared.adjustments).toEqual([
      {
        parameter: "top_p",
        action: "added",
        to: 0.9,
        reason: "The deployment's configuration sets this default.",
        effect: "configured",
      },
    ]);
  });

  it("leaves out what the deployment drops, on record", () => {
    const prepared = prepareAttempt(
      { ...request, top_p: 0.9 },
      { ...acmeDeployment, dropParameters: ["top_p", "seed"] },
    );
    expect(JSON.parse(prepared.body)).not.toHaveProperty("top_p");
    expect(prepared.adjustments).toMatchObject([
      { parameter: "top_p", action: "removed", from: 0.9, effect: "configured" },
    ]);
  });

  it("never sends nor lists a default that the deployment drops", () => {
    const prepared = prepareAttempt(request, {
      ...acmeDeployment,
      defaults: { top_p: 0.9 },
      dropParameters: ["top_p"],
    });
    expect(JSON.parse(prepared.body)).not.toHaveProperty("top_p");
    expect(prepared.adjustments).toEqual([]);
  });

  it("lists a default that the provider's rules remove once, as the configuration's business", () => {
    const removal: Adjustment = {
      parameter: "temperature",
      action: "removed",
      reason: "acme has one temperature.",
      effect: "meaning",
    };
    const adapter: ProviderAdapter = {
      ...acmeAdapter,
      chat: {
        ...acmeAdapter.chat,
        encodeRequest: (...given) => ({
          ...acmeAdapter.chat.encodeRequest(...given),
          adjustments: [removal],
        }),
      },
    };
    const deployment = { ...acmeDeployment, provider: acme({ adapter }), defaults: { temperature: 1 } };
    expect(prepareAttempt(request, deployment).adjustments).toEqual([{ ...removal, effect: "configured" }]);
  });

  it("lists what the provider's rules do to the caller's own parameter as a change of meaning", () => {
    const prepared = prepareAttempt(
      { ...request, temperature: 2 },
      { ...acmeDeployment, defaults: { temperature: 1 } },
    );
    expect(prepared.adjustments).toMatchObject([{ parameter: "temperature", effect: "meaning" }]);
  });

  it("says nothing of a default that is no plain word", () => {
    const defaults = { stop: "a whole sentence, perhaps private", thinking: { type: "disabled" } };
    const { adjustments } = prepareAttempt(request, { ...acmeDeployment, defaults });
    expect(adjustments).toHaveLength(2);
    expect(JSON.stringify(adjustments)).not.toMatch(/private|disabled/);
  });

  it("lists the deployment's changes before the adapter's", () => {
    const prepared = prepareAttempt(
      { ...request, temperature: 2 },
      { ...acmeDeployment, defaults: { top_p: 1 } },
    );
    expect(prepared.adjustments.map(({ parameter }) => parameter)).toEqual(["top_p", "temperature"]);
  });

  it("leaves the caller's request as it was", () => {
    const before = structuredClone(request);
    prepareAttempt(request, { ...acmeDeployment, defaults: { top_p: 1 }, dropParameters: ["x_unknown"] });
    expect(request).toEqual(before);
  });
});

describe("the credential", () => {
  it("is one lower-case header, so that no other spelling stands beside it", () => {
    expect(credentialHeader(acme())).toEqual({ authorization: `Bearer ${acmeKey}` });
  });
});
