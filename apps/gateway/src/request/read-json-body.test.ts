import { describe, expect, it } from "vitest";
import type { InboundRequest } from "../server/inbound-request.ts";
import { readJsonBody } from "./read-json-body.ts";

const read = (body: string | Buffer, contentType: string | undefined = "application/json") =>
  readJsonBody(
    {
      header: (name: string) => (name === "content-type" ? contentType : undefined),
      readBody: () => Promise.resolve(Buffer.from(body)),
      // Nothing else of a request is looked at.
    } as unknown as InboundRequest,
    1_000_000,
  );

describe("a body that is no JSON object", () => {
  it.each([
    ["", "it is empty"],
    [" \n", "it is empty"],
    ["{", "it ends too early"],
    ['{"a":"b', "it ends too early"],
    ['{"a":', "it ends too early"],
    ['{"a":1', "it ends too early"],
    ["nul", "line 1, column 1 is not what belongs there"],
    ['{"a":1,}', "line 1, column 8 is not what belongs there"],
    ['{"a":1 2}', "line 1, column 8 is not what belongs there"],
    ["{'a':1}", "line 1, column 2 is not what belongs there"],
    ['{"a":x}', "line 1, column 6 is not what belongs there"],
    ['{"a":}', "line 1, column 6 is not what belongs there"],
    ['{\n  "a": [1, 2],\n  "b": [tru]\n}', "line 3, column 9 is not what belongs there"],
    ['{"a":"b\\x"}', "line 1, column 8 is not what belongs there"],
    ['{"a":01}', "line 1, column 7 is not what belongs there"],
    ['{} {"secret":1}', "line 1, column 4 is not what belongs there"],
  ])("%j is refused: %s", async (body, words) => {
    await expect(read(body)).rejects.toMatchObject({
      status: 400,
      code: "invalid_json",
      message: `The body is not valid JSON: ${words}.`,
    });
  });

  it.each(["[]", "null", "1", '"text"'])("%s is refused as something else", async (body) => {
    await expect(read(body)).rejects.toMatchObject({ message: "The body has to be a JSON object." });
  });

  it("is refused when it is not UTF-8, instead of being repaired in silence", async () => {
    await expect(read(Buffer.from('{"a":"\xe4"}', "latin1"))).rejects.toMatchObject({
      code: "invalid_json",
      message: "The body is not valid UTF-8.",
    });
  });

  it("is refused when it is nested too deep", async () => {
    const body = `{"a":${"[".repeat(300)}${"]".repeat(300)}}`;
    await expect(read(body)).rejects.toMatchObject({ code: "invalid_json" });
  });

  it.each([undefined, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])(
    "is refused as %j, which a web page may send without asking",
    async (contentType) => {
      const request = read("{}", contentType ?? "");
      await expect(request).rejects.toMatchObject({ status: 415, code: "unsupported_media_type" });
    },
  );
});

it.each(["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"])(
  "reads %s",
  async (contentType) => {
    expect(await read('{"a":1}', contentType)).toEqual({ a: 1 });
  },
);
