import { ManualClock } from "@countersign/clock/manual-clock";
import { RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import type { Backend } from "./backend.ts";
import { keepAsking } from "./policy-beat.ts";

test("while this process lives approval hears of it every ten seconds, also after one that was not answered", async () => {
  const clock = new ManualClock(0);
  const asked: unknown[] = [];
  const request = async (rpc: unknown) => {
    asked.push(rpc);
    throw new Error("not there");
  };
  const stop = keepAsking({ backend: { request } as unknown as Backend, clock });
  for (let count = 0; count < 6; count += 1) await clock.advance(10_000);
  expect(asked).toEqual(Array.from({ length: 6 }, () => RPCS.autoStatus));
  stop();
  await clock.advance(60_000);
  expect(asked).toHaveLength(6);
});
