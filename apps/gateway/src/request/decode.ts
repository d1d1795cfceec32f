import { chatRequestSchema, parseChatRequest, toPlainNumber } from "@perilune/core";
import type { Adjustment, ChatRequest } from "@perilune/core";
import { invalidRequest } from "../errors/invalid-request.ts";
import type { InboundRequest } from "../server/inbound-request.ts";
import { readJsonBody } from "./read-json-body.ts";
import { takeGatewayFields } from "./gateway-fields.ts";

/** No provider has longer ones; names are repeated in headers, logs and messages. */
const maxModelNameLength = 256;

/** A decoded chat call: what goes to the engine, and how the engine is to treat it. */
export interface ChatCall {
  readonly request: ChatRequest;
  readonly timeoutMs: number | undefined;
  readonly isStrict: boolean;
  /** Fields meant for the gateway, taken out of the body. */
  readonly adjustments: readonly Adjustment[];
  /** From `model: "@slug/…"`. */
  readonly virtualKeySlug: string | undefined;
  /** `x-portkey-config`, unread. */
  readonly routeConfig: string | undefined;
}

/** Body and headers → a chat call. Throws with the JSON path of what is wrong. */
export async function decodeChat(
  request: InboundRequest,
  options: { maxRequestBytes: number; modelFromPath: string | undefined },
): Promise<ChatCall> {
  refuseCustomHost(request);
  const body = await readJsonBody(request, options.maxRequestBytes);
  const { fields, adjustments, timeoutSeconds } = takeGatewayFields(body);
  const named = options.modelFromPath === undefined ? fields : { ...fields, model: options.modelFromPath };
  const { model, slug } = splitSlug(named["model"]);
  const isStrict = readStrict(request);
  if (isStrict) refuseIgnored(adjustments);
  return {
    request: parseChatRequest(withPlainNumbers(slug === undefined ? named : { ...named, model })),
    timeoutMs: requestTimeoutMs(request, timeoutSeconds),
    isStrict,
    adjustments,
    virtualKeySlug: slug,
    routeConfig: request.header("x-portkey-config")?.trim() || undefined,
  };
}

/** Fields the engine computes with are doubles; a number of more digits stays as it came everywhere else. */
function withPlainNumbers(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const typed = Object.keys(fields).filter(
    (name) => Object.hasOwn(chatRequestSchema.shape, name) && toPlainNumber(fields[name]) !== fields[name],
  );
  if (typed.length === 0) return fields;
  return { ...fields, ...Object.fromEntries(typed.map((name) => [name, toPlainNumber(fields[name])])) };
}

function readStrict(request: InboundRequest): boolean {
  const text = (request.header("x-perilune-strict") ?? "").trim().toLowerCase();
  if (text === "true") return true;
  if (text === "" || text === "false") return false;
  throw invalidRequest("x-perilune-strict", "x-perilune-strict: expected true or false.");
}

/** Strict mode: what was asked of the gateway and is not done. */
export function refuseIgnored(adjustments: readonly Adjustment[]): void {
  const refused = adjustments.find(({ effect }) => effect === "meaning");
  if (refused === undefined) return;
  throw invalidRequest(
    refused.parameter,
    `Strict mode: ${refused.parameter} would have to be ${refused.action}. ${refused.reason}`,
  );
}

/** Portkey's `@slug/model`; `@cf/` and `@hf/` are model ids of other providers. */
export function splitSlug(model: unknown): { model: unknown; slug: string | undefined } {
  if (typeof model === "string" && model.length > maxModelNameLength)
    throw invalidRequest("model", `model: expected at most ${maxModelNameLength} characters.`);
  const parts = typeof model === "string" ? /^@(?!cf\/|hf\/)([^/]+)\/(.+)$/.exec(model) : null;
  return parts === null ? { model, slug: undefined } : { model: parts[2], slug: parts[1] };
}

function requestTimeoutMs(request: InboundRequest, bodySeconds: number | undefined): number | undefined {
  const portkeyMs = positiveNumber(request, "x-portkey-request-timeout");
  const liteLlmSeconds = positiveNumber(request, "x-litellm-timeout") ?? bodySeconds;
  return portkeyMs ?? (liteLlmSeconds === undefined ? undefined : liteLlmSeconds * 1000);
}

function positiveNumber(request: InboundRequest, header: string): number | undefined {
  const text = request.header(header);
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw invalidRequest(header, `${header}: expected a positive number.`);
}

/** A host of the caller's choice would be an open relay. */
function refuseCustomHost(request: InboundRequest): void {
  if ((request.header("x-portkey-custom-host") ?? "") === "") return;
  throw invalidRequest(
    "x-portkey-custom-host",
    "x-portkey-custom-host: where requests are sent is set in the gateway's configuration.",
  );
}
