import { listModels, showBalance } from "./account-endpoints.ts";
import { completeChat } from "./chat-endpoint.ts";
import type { Exchange } from "./exchange.ts";
import { deleteFile, listFiles, showFile, showFileContent, uploadFile } from "./files-endpoint.ts";
import type { Reply } from "./reply.ts";
import type { Simulation } from "./simulation.ts";
import { estimateTokenCount } from "./token-count-endpoint.ts";

type Endpoint = (simulation: Simulation, exchange: Exchange, id: string) => Reply | Promise<Reply>;

interface Route {
  readonly path: RegExp;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
}

const routes: readonly Route[] = [
  { path: /^\/v1\/chat\/completions$/, endpoints: { POST: completeChat } },
  { path: /^\/v1\/models$/, endpoints: { GET: listModels } },
  { path: /^\/v1\/tokenizers\/estimate-token-count$/, endpoints: { POST: estimateTokenCount } },
  { path: /^\/v1\/users\/me\/balance$/, endpoints: { GET: showBalance } },
  { path: /^\/v1\/files$/, endpoints: { POST: uploadFile, GET: listFiles } },
  { path: /^\/v1\/files\/([^/]+)$/, endpoints: { GET: showFile, DELETE: deleteFile } },
  { path: /^\/v1\/files\/([^/]+)\/content$/, endpoints: { GET: showFileContent } },
];

export type Routing =
  | { readonly kind: "found"; readonly endpoint: Endpoint; readonly id: string }
  | { readonly kind: "wrong method"; readonly allowed: readonly string[] }
  | { readonly kind: "unknown" };

export function findRoute(method: string, pathname: string): Routing {
  for (const { path, endpoints } of routes) {
    const match = path.exec(pathname);
    if (match === null) continue;
    const endpoint = endpoints[method];
    return endpoint === undefined
      ? { kind: "wrong method", allowed: Object.keys(endpoints) }
      : { kind: "found", endpoint, id: match[1] ?? "" };
  }
  return { kind: "unknown" };
}
