// tsyringe is loaded here before the page under test could load its polyfill.
import "reflect-metadata";
import type { ProviderAdapter } from "@perilune/core";
import type { InjectionToken } from "tsyringe";
import { container } from "tsyringe";
import { describe, expect, it } from "vitest";
import { composeGateway, override } from "./composition-root.ts";
import { emptyConfig } from "./config/gateway-config.ts";
import { installedAdapters } from "./providers.ts";
import * as tokens from "./tokens.ts";

const given = { config: emptyConfig(), environment: {} };
const everyToken = Object.entries(tokens) as [string, InjectionToken][];

describe("the parts of a gateway", () => {
  it.each(everyToken)("hold one %s, the same whenever it is asked for", (_, token) => {
    const parts = composeGateway(given);
    expect(parts.resolve(token)).toBeDefined();
    expect(parts.resolve(token)).toBe(parts.resolve(token));
  });

  it("hold every installed provider", () => {
    expect(composeGateway(given).resolveAll(tokens.ADAPTER)).toEqual(installedAdapters);
  });

  it("leave nothing in the global container", () => {
    composeGateway(given);
    expect(everyToken.filter(([, token]) => container.isRegistered(token))).toEqual([]);
  });

  it("are another gateway's own beside it", () => {
    const [one, other] = [composeGateway(given), composeGateway(given)];
    const shared = [tokens.CONFIG, tokens.CLOCK, tokens.RANDOM, tokens.ADAPTER] as InjectionToken[];
    const common = everyToken.filter(([, token]) => one.resolve(token) === other.resolve(token));
    expect(common.map(([, token]) => token)).toEqual(expect.arrayContaining(shared));
    expect(common).toHaveLength(shared.length);
  });

  it("are replaced by an override, and so is what is made from it", () => {
    const random = () => 0.5;
    const parts = composeGateway({ ...given, overrides: [override(tokens.RANDOM, random)] });
    expect(parts.resolve(tokens.RANDOM)).toBe(random);
  });

  it("have only the providers of an override when there are any", () => {
    const [adapter] = installedAdapters;
    const other: ProviderAdapter = { ...adapter!, id: "other" };
    const parts = composeGateway({ ...given, overrides: [override(tokens.ADAPTER, other)] });
    expect(parts.resolveAll(tokens.ADAPTER)).toEqual([other]);
  });
});
