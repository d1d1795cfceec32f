import { describe, expect, it } from "vitest";
import type { Endpoint } from "./endpoint.ts";
import { createEndpointTable } from "./endpoint-table.ts";

const endpoint = (method: Endpoint["method"], path: string): Endpoint => ({
  name: `${method} ${path}`,
  method,
  path,
  access: "key",
  serve: () => Promise.resolve(),
});

const table = createEndpointTable([
  endpoint("GET", "/models"),
  endpoint("GET", "/models/{id+}"),
  endpoint("GET", "/files/{id}"),
  endpoint("DELETE", "/files/{id}"),
  endpoint("POST", "/engines/{model+}/chat/completions"),
]);

const found = (method: string, path: string) => {
  const search = table.find(method, path);
  return search.kind === "match" ? [search.match.endpoint.name, search.match.parameters] : search;
};

describe("the endpoint table", () => {
  it.each([
    ["GET", "/models", "GET /models", {}],
    ["GET", "/v1/models", "GET /models", {}],
    ["GET", "/v1/models/", "GET /models", {}],
    ["HEAD", "/v1/models", "GET /models", {}],
    ["DELETE", "/files/x/", "DELETE /files/{id}", { id: "x" }],
    ["GET", "/v1/models/moonshot/kimi-k3", "GET /models/{id+}", { id: "moonshot/kimi-k3" }],
    ["GET", "/v1/models/moonshot%2Fkimi-k3", "GET /models/{id+}", { id: "moonshot/kimi-k3" }],
    ["DELETE", "/files/f%20x", "DELETE /files/{id}", { id: "f x" }],
    [
      "POST",
      "/engines/moonshot/kimi-k3/chat/completions",
      "POST /engines/{model+}/chat/completions",
      { model: "moonshot/kimi-k3" },
    ],
  ])("finds %s %s", (method, path, name, parameters) => {
    expect(found(method, path)).toEqual([name, parameters]);
  });

  it.each([
    "/model",
    "/models//",
    "/v1",
    "/v2/models",
    "/v1/v1/models",
    "/MODELS",
    "/files/a/b",
    "/files/a%2fb",
    "/files/a%5cb",
    "/x/models",
  ])("does not know %s", (path) => {
    expect(found("GET", path)).toEqual({ kind: "unknown" });
  });

  it("names the methods of a path asked with another one", () => {
    expect(found("POST", "/files/x")).toEqual({ kind: "wrong_method", allowed: ["GET", "HEAD", "DELETE"] });
  });
});
