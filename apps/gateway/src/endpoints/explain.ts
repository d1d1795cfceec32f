import { callerOfModel } from "../request/authenticate.ts";
import { decodeChat, refuseIgnored } from "../request/decode.ts";
import { routeOptions } from "../request/dispatch.ts";
import type { ChatMeans } from "./chat-completions.ts";
import type { Endpoint, EndpointCall } from "./endpoint.ts";

/** `POST /explain` with any chat request: what would be done with it, and why. Nothing is sent. */
export function explain(means: ChatMeans): Endpoint[] {
  return [
    { name: "explain", method: "POST", path: "/explain", access: "key", serve: (call) => serve(means, call) },
  ];
}

async function serve(means: ChatMeans, call: EndpointCall): Promise<void> {
  const { inbound, log, responder, headers } = call;
  const chat = await decodeChat(inbound, {
    maxRequestBytes: means.maxRequestBytes,
    modelFromPath: undefined,
  });
  log.model = chat.request.model;
  const caller = callerOfModel(call.caller, chat.virtualKeySlug, means.access);
  const { options, adjustments } = routeOptions(means, chat, caller, inbound);
  if (chat.isStrict) refuseIgnored(adjustments);
  const explanation = means.router.explain(chat.request, { ...options, strict: chat.isStrict });
  log.status = 200;
  const body = { ...explanation, adjustments: [...chat.adjustments, ...adjustments] };
  responder.send(200, { ...headers, "content-type": "application/json" }, JSON.stringify(body));
}
