import { describe, expect, it } from "vitest";
import { LeaseBook } from "./lease.ts";

describe("a lease", () => {
  it("counts as under way until it is settled", () => {
    const book = new LeaseBook();
    const [first, second] = [book.take("a"), book.take("a")];
    book.take("b");
    expect([book.inFlight("a"), book.inFlight("b"), book.inFlight("c")]).toEqual([2, 1, 0]);
    first.settle({ outcome: "complete" });
    second.settle({ outcome: "errored", errorCode: "overloaded" });
    expect([book.inFlight("a"), book.inFlight("b")]).toEqual([0, 1]);
  });

  it("settled twice is a bug that shows", () => {
    const book = new LeaseBook();
    const lease = book.take("a");
    book.take("a");
    lease.settle({ outcome: "complete" });
    expect(() => lease.settle({ outcome: "complete" })).toThrow("The lease on a was settled twice.");
    expect(book.inFlight("a")).toBe(1);
  });
});
