import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { describe, expect, test } from "vitest";
import { OrderIds } from "./order-ids.ts";

describe("order ids", () => {
  test("after a crash no id is given out twice", () => {
    using directory = tempDir();
    const used = new Set<number>();
    for (let start = 0; start < 5; start += 1) {
      const ids = new OrderIds({ directory: directory.path, clientId: 17, highestUsed: 0 });
      for (let count = 0; count < 150; count += 1) used.add(ids.take());
    }
    expect(used.size).toBe(750);
  });

  test("the log, the file and TWS: the highest of the three wins", () => {
    using directory = tempDir();
    const ids = new OrderIds({ directory: directory.path, clientId: 17, highestUsed: 41 });
    expect(ids.atLeast(12)).toBe(true);
    expect(ids.take()).toBe(42);
    expect(ids.atLeast(5_000)).toBe(false);
    expect(ids.take()).toBe(5_000);
    const restarted = new OrderIds({ directory: directory.path, clientId: 17, highestUsed: 42 });
    expect(restarted.take()).toBeGreaterThan(5_000);
  });

  test("a damaged file -> refuses to start instead of counting from one", () => {
    using directory = tempDir();
    writeFileSync(join(directory.path, "order-ids.17.json"), '{"clientId":17');
    expect(() => new OrderIds({ directory: directory.path, clientId: 17, highestUsed: 0 })).toThrow();
  });
});
