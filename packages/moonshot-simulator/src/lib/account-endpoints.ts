import { releasedAtSeconds } from "./models.ts";
import { rulesOf } from "./model-rules.ts";
import { jsonReply, type Reply } from "./reply.ts";
import type { Balance, Simulation } from "./simulation.ts";

/** GET /v1/models */
export function listModels({ models }: Simulation): Reply {
  const data = models.map((model) => ({
    id: model.id,
    object: "model",
    created: releasedAtSeconds(model),
    owned_by: "moonshot",
    context_length: model.contextLength,
    supports_image_in: model.imageInput,
    supports_video_in: model.videoInput,
    supports_reasoning: rulesOf[model.family].thinks !== "never",
  }));
  return jsonReply(JSON.stringify({ object: "list", data }));
}

/** GET /v1/users/me/balance */
export function showBalance({ balance }: Simulation): Reply {
  return jsonReply(
    JSON.stringify({
      code: 0,
      data: {
        available_balance: availableBalance(balance),
        voucher_balance: balance.voucher,
        cash_balance: balance.cash,
      },
      scode: "0x0",
      status: true,
    }),
  );
}

/** What can be spent: a debt in cash does not eat the voucher. Amounts have five decimals. */
export function availableBalance({ voucher, cash }: Balance): number {
  return Math.round((voucher + Math.max(0, cash)) * 100_000) / 100_000;
}
