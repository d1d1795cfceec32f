import { STATUS_CODES } from "node:http";
import type { Answer, AnswerHead, Framing, Interruption, Pace, Position } from "./answer.ts";
import type { Random } from "./seeded-random.ts";

/** What the server does next. */
export type Step = { readonly kind: "write"; readonly bytes: Uint8Array } | Interruption;

type ChunkedFraming = Extract<Framing, { kind: "chunked" }>;
type Placed = Answer["interruptions"];

/**
 * The steps an answer is made of, lazily, for its body may have no end.
 *
 * @throws RangeError when a fault's position lies beyond the answer: a fault that cannot happen is a wrong test.
 */
export function* answerSteps(answer: Answer, random: Random): Generator<Step> {
  const onTheWire = pacedSteps(placedSteps(answer, random), answer, "wire", random);
  yield* interruptWire(onTheWire, answer.interruptions);
}

function* placedSteps(answer: Answer, random: Random): Generator<Step> {
  yield* happeningAt("start", answer.interruptions);
  yield* write(answer.preamble);
  if (answer.head) yield* pacedSteps(write(encodeHead(answer.head)), answer, "headers", random);
  yield* happeningAt("afterHeaders", answer.interruptions);
  const body = pacedSteps(interruptBody(answer.parts, answer.interruptions), answer, "body", random);
  const framing = answer.head?.framing;
  yield* framing?.kind === "chunked" ? inChunks(body, framing) : body;
}

function* write(bytes: Uint8Array): Generator<Step> {
  // An empty write would be the last chunk in chunked framing.
  if (bytes.length > 0) yield { kind: "write", bytes };
}

function* happeningAt(at: Position, placed: Placed): Generator<Step> {
  for (const interruption of placed) if (interruption.at === at) yield interruption.happens;
}

function encodeHead(head: AnswerHead): Uint8Array {
  const lines = [
    `HTTP/${head.version} ${head.status} ${STATUS_CODES[head.status] ?? "Unknown"}`,
    ...[...head.headers, ...framingHeaders(head.framing)].map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

function framingHeaders(framing: Framing): [string, string][] {
  if (framing.kind === "length") return [["content-length", String(framing.bytes)]];
  return framing.kind === "chunked" ? [["transfer-encoding", "chunked"]] : [];
}

function* inChunks(body: Iterable<Step>, framing: ChunkedFraming): Generator<Step> {
  let chunk = 0;
  for (const step of body) {
    yield step.kind === "write" ? { kind: "write", bytes: encodeChunk(step.bytes, chunk++, framing) } : step;
  }
  const { broken } = framing;
  if (broken && broken.chunk >= chunk)
    throw new RangeError(`the answer has no chunk ${broken.chunk} to break`);
  yield* write(Buffer.from("0\r\n\r\n"));
}

function encodeChunk(data: Uint8Array, chunk: number, framing: ChunkedFraming): Uint8Array {
  const how = framing.broken?.chunk === chunk ? framing.broken.how : undefined;
  const size = how === "size" ? "broken" : data.length.toString(16);
  return Buffer.concat([Buffer.from(`${size}\r\n`), data, Buffer.from(how === "crlf" ? "" : "\r\n")]);
}

/** Splits every write as the answer's paces for that stretch say, with the waits in between. */
function pacedSteps(steps: Iterable<Step>, answer: Answer, of: Pace["of"], random: Random): Iterable<Step> {
  return answer.paces
    .filter((pace) => pace.of === of)
    .reduce((before, pace) => pacedBy(before, pace, random), steps);
}

function* pacedBy(steps: Iterable<Step>, pace: Pace, random: Random): Generator<Step> {
  let written = false;
  for (const step of steps) {
    if (step.kind !== "write") {
      yield step;
      continue;
    }
    for (let offset = 0; offset < step.bytes.length;) {
      if (written && pace.everyMs > 0) yield { kind: "wait", forMs: pace.everyMs };
      const size = pace.random ? 1 + Math.floor(random() * pace.bytes) : pace.bytes;
      yield { kind: "write", bytes: step.bytes.subarray(offset, offset + size) };
      offset += size;
      written = true;
    }
  }
}

function* interruptBody(parts: Iterable<Uint8Array>, placed: Placed): Generator<Step> {
  const waiting = new Set(placed.filter(({ at }) => liesInBody(at)));
  const place = { byte: 0, event: 0 };
  for (const part of parts) {
    const due = [...waiting]
      .map((interruption) => ({ interruption, offset: offsetIn(part, interruption.at, place) }))
      .filter(({ offset }) => offset !== undefined)
      .map(({ interruption, offset = 0 }) => ({ interruption, offset }))
      .sort((a, b) => a.offset - b.offset);
    for (const { interruption } of due) waiting.delete(interruption);
    yield* interrupted(
      part,
      due.map(({ interruption, offset }) => ({ offset, happens: interruption.happens })),
    );
    place.byte += part.length;
    place.event += 1;
  }
  for (const { at, happens } of waiting) {
    if (!isEnd(at, place)) throw neverReached(at);
    yield happens;
  }
}

interface Place {
  readonly byte: number;
  readonly event: number;
}

const liesInBody = (at: Position): boolean =>
  at === "insideCharacter" || at === "end" || (typeof at === "object" && !("wireByte" in at));

function offsetIn(part: Uint8Array, at: Position, place: Place): number | undefined {
  if (at === "insideCharacter") {
    const lead = part.findIndex((byte) => byte >= 0xc0);
    return lead === -1 ? undefined : lead + 1;
  }
  if (typeof at === "string") return undefined;
  if ("byte" in at) {
    const offset = at.byte - place.byte;
    return offset < part.length ? offset : undefined;
  }
  if ("afterEvents" in at) return at.afterEvents === place.event ? 0 : undefined;
  if ("insideEvent" in at) return at.insideEvent === place.event ? part.length >> 1 : undefined;
  return undefined;
}

function isEnd(at: Position, place: Place): boolean {
  if (typeof at === "string") return at === "end";
  if ("byte" in at) return at.byte === place.byte;
  return "afterEvents" in at && at.afterEvents === place.event;
}

function* interruptWire(steps: Iterable<Step>, placed: Placed): Generator<Step> {
  const waiting = placed
    .flatMap(({ at, happens }) =>
      typeof at === "object" && "wireByte" in at ? [{ offset: at.wireByte, happens }] : [],
    )
    .sort((a, b) => a.offset - b.offset);
  let sent = 0;
  for (const step of steps) {
    if (step.kind !== "write") {
      yield step;
      continue;
    }
    const end = sent + step.bytes.length;
    const later = waiting.findIndex(({ offset }) => offset >= end);
    const due = waiting.splice(0, later === -1 ? waiting.length : later);
    const start = sent;
    yield* interrupted(
      step.bytes,
      due.map(({ offset, happens }) => ({ offset: offset - start, happens })),
    );
    sent = end;
  }
  for (const { offset } of waiting) throw neverReached({ wireByte: offset });
}

/** The bytes with something happening before some of them; `due` is in order of offset. */
function* interrupted(
  bytes: Uint8Array,
  due: readonly { readonly offset: number; readonly happens: Interruption }[],
): Generator<Step> {
  let written = 0;
  for (const { offset, happens } of due) {
    yield* write(bytes.subarray(written, offset));
    yield happens;
    written = offset;
  }
  yield* write(bytes.subarray(written));
}

function neverReached(at: Position): RangeError {
  return new RangeError(`the answer has no position ${JSON.stringify(at)}: the fault can never happen`);
}
