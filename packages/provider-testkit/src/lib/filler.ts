/** A body too large to hold: the same bytes again and again, `byteLength` of them (Infinity: no end). */
export interface Filler extends Iterable<Uint8Array> {
  readonly byteLength: number;
}

const writeBytes = 64 * 1024;

/** `byteLength` bytes of repeated `text`, held in memory once as 64 KiB. */
export function filler(byteLength: number, text = "x"): Filler {
  const unit = Buffer.from(text);
  const block = Buffer.alloc(Math.ceil(writeBytes / unit.length) * unit.length, unit);
  return {
    byteLength,
    *[Symbol.iterator]() {
      for (let left = byteLength; left > 0; left -= block.length) {
        yield left < block.length ? block.subarray(0, left) : block;
      }
    },
  };
}
