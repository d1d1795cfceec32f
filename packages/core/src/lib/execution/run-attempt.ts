import type { Adjustment } from "../contract/adjustment.ts";
import type { ChatRequest } from "../contract/chat-request.ts";
import type { DecodedChunk, DecodedResponse } from "../contract/provider-adapter.ts";
import { ProviderError } from "../contract/provider-error.ts";
import { commits } from "../stream/commits.ts";
import { decodeStream } from "../stream/decode-stream.ts";
import { usageAsAsked } from "../stream/usage-as-asked.ts";
import { collectBody, collectErrorBody } from "../transport/collect-body.ts";
import type { Exchange, UpstreamHead } from "../transport/exchange.ts";
import { AttemptRun } from "./attempt-run.ts";
import type { AttemptJob, AttemptMeans } from "./attempt-run.ts";
import { CommittedStream } from "./committed-stream.ts";
import { prepareAttempt } from "./prepare-attempt.ts";
import { refuseAdjustments } from "./refuse-adjustments.ts";
import type { PreparedAttempt } from "./prepare-attempt.ts";

const responseLimitBytes = 64 * 1024 * 1024;
const errorBodyLimitBytes = 256 * 1024;

/** What an attempt gave: a whole response, or a stream past its commit point. */
export type AttemptResult = { readonly run: AttemptRun } & (
  | { readonly kind: "response"; readonly decoded: DecodedResponse }
  | { readonly kind: "stream"; readonly stream: CommittedStream }
);

export interface ChatJob extends AttemptJob {
  readonly request: ChatRequest;
  /** What the route had changed in it. */
  readonly routeAdjustments?: readonly Adjustment[];
  /** Refuse an adjustment that changes what the request means. */
  readonly isStrict: boolean;
}

/** Makes one attempt. Throws ProviderError when it failed before anything was promised to the caller. */
export async function runAttempt(means: AttemptMeans, job: ChatJob): Promise<AttemptResult> {
  const run = new AttemptRun(means, job);
  try {
    const prepared = prepareAttempt(job.request, job.deployment);
    run.adjustments = [...(job.routeAdjustments ?? []), ...prepared.adjustments];
    if (job.isStrict) refuseAdjustments(run.adjustments);
    const exchange = run.send(prepared);
    const isStream = job.request.stream === true;
    if (isStream) run.timers.start("firstTokenMs");
    const head = await exchange.head;
    run.upstreamStatus = head.status;
    if (head.status < 200 || head.status > 299) throw await decodeFailure(job, prepared, exchange, head);
    return isStream
      ? { run, kind: "stream", stream: await openStream(run, job, prepared, exchange, head) }
      : { run, kind: "response", decoded: await readResponse(run, job, prepared, exchange, head) };
  } catch (thrown) {
    throw run.fail(thrown);
  }
}

async function decodeFailure(
  job: ChatJob,
  prepared: PreparedAttempt,
  exchange: Exchange,
  head: UpstreamHead,
) {
  const body = await collectErrorBody(exchange, head.headers["content-encoding"], errorBodyLimitBytes);
  const { chat } = job.deployment.provider.adapter;
  return chat.decodeError({ status: head.status, headers: head.headers, body }, prepared.target);
}

async function readResponse(
  run: AttemptRun,
  job: ChatJob,
  prepared: PreparedAttempt,
  exchange: Exchange,
  head: UpstreamHead,
): Promise<DecodedResponse> {
  const body = await collectBody(exchange, head.headers["content-encoding"], responseLimitBytes);
  const decoded = job.deployment.provider.adapter.chat.decodeResponse(body, prepared.target);
  run.usage = decoded.usage;
  run.complete();
  return decoded;
}

/** Holds the stream back until its first meaningful chunk; what fails before that can still be replaced. */
async function openStream(
  run: AttemptRun,
  job: ChatJob,
  prepared: PreparedAttempt,
  exchange: Exchange,
  head: UpstreamHead,
): Promise<CommittedStream> {
  if (isJson(head)) throw await wholeAnswer(job, prepared, exchange, head);
  refuseEncoded(head);
  const decoded = decodeStream(timedReads(run, exchange), {
    decoder: job.deployment.provider.adapter.chat.startDecoder(prepared.target),
    onUsage: (usage) => {
      run.usage = usage;
    },
  });
  const wantsUsage = job.request.stream_options?.include_usage === true;
  const chunks = usageAsAsked(decoded, wantsUsage, () => run.usage);
  const held = await holdUntilCommit(chunks);
  run.commit();
  return new CommittedStream(run, held, chunks);
}

function isJson({ headers }: UpstreamHead): boolean {
  return /^application\/json\b/i.test(headers["content-type"] ?? "");
}

/** Asked for a stream, the provider answered whole: mostly with an error in its own words. */
async function wholeAnswer(job: ChatJob, prepared: PreparedAttempt, exchange: Exchange, head: UpstreamHead) {
  const body = await collectErrorBody(exchange, head.headers["content-encoding"], errorBodyLimitBytes);
  job.deployment.provider.adapter.chat.decodeResponse(body, prepared.target);
  return new ProviderError({
    code: "invalid_response",
    message: "The provider answered whole although a stream was asked for.",
    origin: "upstream",
    failure: "answered",
  });
}

async function holdUntilCommit(chunks: AsyncGenerator<DecodedChunk, void, void>): Promise<DecodedChunk[]> {
  const held: DecodedChunk[] = [];
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    held.push(next.value);
    if (commits(next.value.chunk)) return held;
  }
  throw new ProviderError({
    code: "stream_interrupted",
    message: "The provider's stream ended without an answer.",
    origin: "upstream",
    failure: "sent_unknown",
  });
}

/** Reads, with the wait between two of them limited once the answer has begun. */
async function* timedReads(run: AttemptRun, exchange: Exchange): AsyncGenerator<Uint8Array, void, void> {
  for (;;) {
    if (run.isCommitted) run.timers.start("idleMs");
    const bytes = await exchange.read().finally(() => run.timers.stop("idleMs"));
    if (bytes === undefined) return;
    yield bytes;
  }
}

function refuseEncoded({ headers }: UpstreamHead): void {
  const encoding = (headers["content-encoding"] ?? "").trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return;
  throw new ProviderError({
    code: "invalid_response",
    message: `The provider compressed the stream (${encoding}) although it was asked not to.`,
    origin: "upstream",
    failure: "answered",
  });
}
