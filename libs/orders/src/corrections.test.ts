import { describe, expect, test } from "vitest";
import { counting, rootOf } from "./corrections.ts";

const ids = (...list: string[]) => counting(list.map((execId) => ({ execId }))).map(({ execId }) => execId);

describe("corrected executions", () => {
  test("the highest version counts, whenever it came", () => {
    expect(ids("a.01.01", "a.01.02", "b.01.01")).toEqual(["a.01.02", "b.01.01"]);
    expect(ids("a.01.02", "b.01.01", "a.01.01")).toEqual(["a.01.02", "b.01.01"]);
    expect(ids("a.01.09", "a.01.10")).toEqual(["a.01.10"]);
  });

  test("an id without segments stands for itself", () => {
    expect(rootOf("0001")).toBe("0001");
    expect(ids("0001", "0002")).toEqual(["0001", "0002"]);
  });
});
