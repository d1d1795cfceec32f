import { redactSecret } from "@perilune/core";
import type { ConfiguredProvider, ForwardedResponse, ProviderError } from "@perilune/core";

const bodyLimitBytes = 256 * 1024;

/** What a provider's endpoint answered instead of a 2xx, as an error with the provider's words and without its key. */
export async function forwardedError(
  answer: ForwardedResponse,
  { adapter, apiKey, settings }: ConfiguredProvider,
  modelId = "",
): Promise<ProviderError> {
  const { status, headers } = answer;
  const isPlain = (headers["content-encoding"] ?? "identity") === "identity";
  const body = await beginningOf(answer);
  const error = adapter.chat.decodeError(
    { status, headers, body: isPlain ? body : "" },
    { modelId, profile: adapter.profileOf(modelId), settings },
  );
  return error.with({ message: redactSecret(error.message, apiKey) });
}

/** Whatever arrived counts, even when the connection broke in the middle. */
async function beginningOf({ body }: ForwardedResponse): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      size += piece.length;
      if (size > bodyLimitBytes) break;
    }
  } catch {
    // What came is all there is to tell.
  }
  return Buffer.concat(pieces).subarray(0, bodyLimitBytes).toString("utf8");
}
