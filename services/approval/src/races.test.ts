import { expect, test } from "vitest";
import { race } from "./testing/races.ts";

test("sixteen signatures at once for one proposal, good and bad -> one good one wins and is sent once, 50 times", async () => {
  expect((await race(50)).wrong).toEqual([]);
});
