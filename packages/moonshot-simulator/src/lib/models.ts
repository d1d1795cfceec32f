import type { Family } from "./model-rules.ts";

export interface Model {
  readonly id: string;
  readonly family: Family;
  readonly contextLength: number;
  readonly imageInput: boolean;
  readonly videoInput: boolean;
  /** First day of availability. Where only the month is documented: its first day. */
  readonly releasedAt: string;
  /** The moment from which the provider answers 404, or undefined while the model is live. */
  readonly retiredAt?: string;
}

interface Generation extends Omit<Model, "id"> {
  readonly ids: readonly string[];
}

const k2RetiredAt = "2026-05-25T00:00:00Z";
const summer2026RetiredAt = "2026-08-31T16:00:00Z";
const text = { imageInput: false, videoInput: false };
const images = { imageInput: true, videoInput: false };
const imagesAndVideo = { imageInput: true, videoInput: true };

function moonshotV1(size: string, contextLength: number): Generation[] {
  const shared = { family: "moonshot-v1", contextLength, retiredAt: summer2026RetiredAt } as const;
  return [
    { ids: [`moonshot-v1-${size}`], ...shared, ...text, releasedAt: "2023-11-01" },
    { ids: [`moonshot-v1-${size}-0430`], ...shared, ...text, releasedAt: "2025-04-30" },
    { ids: [`moonshot-v1-${size}-vision-preview`], ...shared, ...images, releasedAt: "2025-01-14" },
  ];
}

/** Every model the platform has documented, with its dates (model and deprecation pages, 2023-11 to 2026-11). */
const generations: readonly Generation[] = [
  {
    ids: ["kimi-k3.1-pro", "kimi-k3.1-pro-highspeed"],
    family: "kimi-k3",
    contextLength: 1_048_576,
    ...imagesAndVideo,
    releasedAt: "2026-10-23",
  },
  {
    ids: ["kimi-k3"],
    family: "kimi-k3",
    contextLength: 1_048_576,
    ...imagesAndVideo,
    releasedAt: "2026-07-16",
  },
  {
    ids: ["kimi-k2.7-code"],
    family: "kimi-k2.7",
    contextLength: 262_144,
    ...imagesAndVideo,
    releasedAt: "2026-06-12",
  },
  {
    ids: ["kimi-k2.7-code-highspeed"],
    family: "kimi-k2.7",
    contextLength: 262_144,
    ...imagesAndVideo,
    releasedAt: "2026-06-15",
  },
  {
    ids: ["kimi-k2.6"],
    family: "kimi-k2.6",
    contextLength: 262_144,
    ...imagesAndVideo,
    releasedAt: "2026-04-20",
  },
  {
    ids: ["kimi-k2.5"],
    family: "kimi-k2.5",
    contextLength: 262_144,
    ...imagesAndVideo,
    releasedAt: "2026-01-27",
    retiredAt: summer2026RetiredAt,
  },
  {
    ids: ["kimi-k2-thinking", "kimi-k2-thinking-turbo"],
    family: "kimi-k2-thinking",
    contextLength: 262_144,
    ...text,
    releasedAt: "2025-11-06",
    retiredAt: k2RetiredAt,
  },
  {
    ids: ["kimi-k2-turbo-preview"],
    family: "kimi-k2",
    contextLength: 262_144,
    ...text,
    releasedAt: "2025-08-01",
    retiredAt: k2RetiredAt,
  },
  {
    ids: ["kimi-k2-0905-preview"],
    family: "kimi-k2",
    contextLength: 262_144,
    ...text,
    releasedAt: "2025-09-05",
    retiredAt: k2RetiredAt,
  },
  {
    ids: ["kimi-k2-0711-preview"],
    family: "kimi-k2",
    contextLength: 131_072,
    ...text,
    releasedAt: "2025-07-11",
    retiredAt: k2RetiredAt,
  },
  {
    ids: ["kimi-latest", "kimi-latest-8k", "kimi-latest-32k", "kimi-latest-128k"],
    family: "kimi-latest",
    contextLength: 131_072,
    ...images,
    releasedAt: "2025-02-01",
    retiredAt: "2026-01-28T00:00:00Z",
  },
  {
    ids: ["kimi-thinking-preview"],
    family: "kimi-thinking-preview",
    contextLength: 131_072,
    ...images,
    releasedAt: "2025-05-01",
    retiredAt: "2025-11-11T00:00:00Z",
  },
  ...moonshotV1("8k", 8_192),
  ...moonshotV1("32k", 32_768),
  ...moonshotV1("128k", 131_072),
  {
    // Only Portkey's page names it; its examples are tried as they are printed.
    ids: ["moonshot-v1-16k"],
    family: "moonshot-v1",
    contextLength: 16_384,
    ...text,
    releasedAt: "2023-11-01",
    retiredAt: summer2026RetiredAt,
  },
  {
    ids: ["moonshot-v1-auto"],
    family: "moonshot-v1",
    contextLength: 131_072,
    ...text,
    releasedAt: "2024-01-01",
    retiredAt: summer2026RetiredAt,
  },
];

const everyModel: readonly Model[] = generations.flatMap(({ ids, ...rest }) =>
  ids.map((id) => ({ id, ...rest })),
);

/** The models a caller can use on a day; without a day, every model ever documented. */
export function availableModels(asOf: Date | undefined): readonly Model[] {
  if (asOf === undefined) return everyModel;
  const at = asOf.getTime();
  return everyModel.filter(
    ({ releasedAt, retiredAt }) =>
      Date.parse(releasedAt) <= at && (retiredAt === undefined || at < Date.parse(retiredAt)),
  );
}

export function releasedAtSeconds(model: Model): number {
  return Date.parse(model.releasedAt) / 1000;
}
