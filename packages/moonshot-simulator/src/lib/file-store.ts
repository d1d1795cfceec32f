import { drawFrom } from "./random.ts";

export const purposes = ["file-extract", "image", "video", "batch"] as const;
export type Purpose = (typeof purposes)[number];

export interface StoredFile {
  readonly id: string;
  readonly bytes: Buffer;
  readonly createdAtSeconds: number;
  readonly filename: string;
  readonly purpose: Purpose;
}

/** The account's uploaded files, in memory. */
export class FileStore {
  readonly maxFiles: number;
  readonly #seed: string;
  readonly #files = new Map<string, StoredFile>();
  #uploads = 0;

  constructor(seed: string, maxFiles: number) {
    this.#seed = seed;
    this.maxFiles = maxFiles;
  }

  get isFull(): boolean {
    return this.#files.size >= this.maxFiles;
  }

  add(file: Omit<StoredFile, "id">): StoredFile {
    this.#uploads += 1;
    const id = drawFrom(this.#seed, "file", `${this.#uploads}`).hex(20);
    const stored = { id, ...file };
    this.#files.set(id, stored);
    return stored;
  }

  get(id: string): StoredFile | undefined {
    return this.#files.get(id);
  }

  list(): readonly StoredFile[] {
    return Array.from(this.#files.values());
  }

  delete(id: string): boolean {
    return this.#files.delete(id);
  }
}
