import type { Draw } from "../random.ts";

export interface Phrases {
  readonly asked: readonly [string, ...string[]];
  readonly remarks: readonly [string, ...string[]];
  readonly signature: (model: string) => string;
}

// The quoted question stands where the % is.
const english: Phrases = {
  asked: [
    "You asked: “%”.",
    "Your question was “%”.",
    "You wrote: “%”.",
    "Here is what I read from you: “%”.",
  ],
  remarks: [
    "I cannot know the answer, because nothing here thinks; but the request was well formed and this is a well-formed reply.",
    "A real model would now say something clever. I only promise that every rule of the API was checked on the way.",
    "Take this paragraph for the answer: it has a beginning, a few words in the middle, and an end you can wait for.",
    "Each word of this reply reaches you as one delta, at the pace and in the shape of the real stream.",
  ],
  signature: (model) => `This was ${model}, simulated.`,
};

const chinese: Phrases = {
  asked: ["你问的是：“%”。", "你写道：“%”。", "我读到的问题是：“%”。"],
  remarks: [
    "这里没有真正的模型，所以我不知道答案；不过请求的格式完全正确，这也是一份格式正确的回复。",
    "真正的模型会在这里认真回答。我只能保证：接口的每一条规则都已检查过。",
    "这段文字就当作答案吧：它有开头、有中间，也有值得等待的结尾。",
  ],
  signature: (model) => `以上是模拟的 ${model}。`,
};

export const saidByUser: readonly [string] = ["The user says: “%”."];

export function phrasesFor(text: string): Phrases {
  return /\p{Script=Han}/u.test(text) ? chinese : english;
}

const quoteLimit = 160;

/** A question on one line, cut to a length that can be quoted. */
export function quotable(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= quoteLimit ? line : `${characters.slice(0, quoteLimit).join("")}…`;
}

/** Puts a quotation into a phrase; one that ends its own sentence needs no second full stop. */
export function phrase(choices: readonly [string, ...string[]], draw: Draw, quoted: string): string {
  const sentence = draw.pick(choices).replace("%", () => quoted);
  return sentence.replace(/([.?!…。？！]”)[.。]$/, "$1");
}
