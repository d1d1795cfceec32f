import { describe, expect, it } from "vitest";
import { parseMultipart } from "./parse-multipart.ts";

const body = Buffer.from(
  [
    "--XX",
    'Content-Disposition: form-data; name="purpose"',
    "",
    "file-extract",
    "--XX",
    'Content-Disposition: form-data; name="file"; filename="grüße.txt"',
    "Content-Type: text/plain",
    "",
    "first\r\n--X not a boundary\r\nlast",
    "--XX--",
    "",
  ].join("\r\n"),
);

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const parse = (bytes: Buffer, size: number, most = 1_000) =>
  parseMultipart("multipart/form-data; boundary=XX", inPieces(bytes, size), most);

describe("a form", () => {
  it.each([1, 2, 3, 7, 1_000])("is read the same in pieces of %i bytes", async (size) => {
    const parts = await parse(body, size);
    expect(parts?.map(({ name, filename, bytes }) => [name, filename, bytes.toString()])).toEqual([
      ["purpose", undefined, "file-extract"],
      ["file", "grüße.txt", "first\r\n--X not a boundary\r\nlast"],
    ]);
  });

  it("keeps the size of a part that is too large, but not its bytes", async () => {
    const parts = await parse(body, 5, 20);
    expect(parts?.[1]?.size).toBe(31);
    expect(parts?.[1]?.bytes.length).toBeLessThanOrEqual(20);
  });

  it.each([
    ["without its end", body.subarray(0, -8)],
    ["without a boundary", Buffer.from("hello")],
    ["with a part that has no name", Buffer.from("--XX\r\nContent-Type: a/b\r\n\r\nx\r\n--XX--\r\n")],
  ])("%s is none", async (_, bytes) => {
    expect(await parse(bytes, 10)).toBeUndefined();
  });
});
