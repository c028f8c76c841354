import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { describe, expect, test } from "vitest";
import { floorInFile } from "./order-id-floor.ts";
import { OrderIds } from "./order-ids.ts";

const idsIn = (directory: string, highestUsed: number) => {
  return new OrderIds({ floor: floorInFile({ directory, clientId: 17 }), highestUsed });
};

describe("order ids", () => {
  test("after a crash no id is given out twice", () => {
    using directory = tempDir();
    const used = new Set<number>();
    for (let start = 0; start < 5; start += 1) {
      const ids = idsIn(directory.path, 0);
      for (let count = 0; count < 150; count += 1) used.add(ids.take());
    }
    expect(used.size).toBe(750);
  });

  test("the log, the file and TWS: the highest of the three wins", () => {
    using directory = tempDir();
    const ids = idsIn(directory.path, 41);
    expect(ids.atLeast(12)).toBe(true);
    expect(ids.take()).toBe(42);
    expect(ids.atLeast(5_000)).toBe(false);
    expect(ids.take()).toBe(5_000);
    const restarted = idsIn(directory.path, 42);
    expect(restarted.take()).toBeGreaterThan(5_000);
  });

  test("a damaged file -> refuses to start instead of counting from one", () => {
    using directory = tempDir();
    writeFileSync(join(directory.path, "order-ids.17.json"), '{"clientId":17');
    expect(() => idsIn(directory.path, 0)).toThrow();
  });
});
