import { ManualClock } from "@countersign/clock/manual-clock";
import { denied, ok } from "@countersign/contracts/denial";
import { expect, test } from "vitest";
import { AT } from "../../test-facts.ts";
import { holding, withBook } from "../../testing/book-facts.ts";
import type { Holding } from "../book/book.ts";
import { HistoryKeeper } from "./history-keeper.ts";

const [UNDERLYING, OPTION, HELD] = [1, 9, 7];
const OLD = "2026-11-20T15:00:00.000Z";
const option = (underlyingConid: number | null) =>
  holding({
    ...{ conid: OPTION, secType: "OPT", multiplier: "100", quantity: "-1", unitValue: "800", obligation: "3000" },
    option: { right: "P", strike: "30", underlyingConid },
  });
const CLOSES = ["100", "90", "99"].map((close, at) => [`2026-11-1${at}`, close]);

/** An account that has written a put, at a market-data that knows the closes of these instruments, of some of them old ones. */
async function asked(
  underlyingConid: number | null,
  knows: readonly number[],
  { old, also = [] }: { old?: number; also?: readonly Holding[] } = {},
) {
  const questions: number[][] = [];
  const request = async (_rpc: unknown, { conids }: { conids: number[] }) => {
    questions.push(conids);
    const instruments = conids.map((conid) => {
      const asOf = conid === old ? OLD : AT;
      const value = { closes: CLOSES, averageVolume: "7", volumeSessions: 3, asOf, source: "broker" };
      return { conid, closes: knows.includes(conid) ? ok(value) : denied("DATA_TOO_OLD", "no bars of it") };
    });
    return ok({ instruments });
  };
  const keeper = new HistoryKeeper({
    ...{
      clock: new ManualClock(Date.parse(AT)),
      days: 10,
      ageMsMax: 60_000,
      retryMinMs: 1_000,
      retryMs: 60_000,
      everyMs: 600_000,
    },
    ...{ isWanted: () => true, held: () => [], bus: { request: request as never } },
  });
  const ways = { currencyOf: () => "USD", wayOf: () => [], optionOf: () => undefined };
  const found = await keeper.facts("DU1234567", [OPTION], withBook([option(underlyingConid), ...also]), ways);
  keeper.stop();
  return { found, questions };
}

test("a written put has the past of its underlying, which is asked for, and its own closes are not", async () => {
  const { found, questions } = await asked(UNDERLYING, [UNDERLYING]);
  expect(questions).toEqual([[UNDERLYING]]);
  if (found.state === "missing") throw new Error(found.reason);
  expect(found.value.parts).toMatchObject([{ conid: OPTION, averageVolume: null, returns: [-100_000, 100_000] }]);
  expect(found.value.parts[0]?.losses).toEqual({ long: [0, 100_000], short: [100_000, 0] });
  // 3800 of strike and price.
  expect(found.value.profits.held).toEqual([-38_000, 0]);
});

test.each<[string, number | null, readonly number[], string]>([
  ["nobody names its underlying", null, [OPTION], "9: nobody names its underlying"],
  ["its underlying has no past", UNDERLYING, [OPTION], "9: its underlying 1: no bars of it"],
])("%s -> nothing is known of the account's past", async (_, underlying, knows, reason) => {
  expect((await asked(underlying, knows)).found).toEqual({ state: "missing", reason });
});

test("the past is as old as the oldest that it is made of: of an option that of its underlying", async () => {
  expect((await asked(UNDERLYING, [UNDERLYING])).found).toMatchObject({ asOf: AT });
  expect((await asked(UNDERLYING, [UNDERLYING], { old: UNDERLYING })).found).toMatchObject({ asOf: OLD });
});

test("the past is as old as that of whatever else is held: the profits of the account are made of it", async () => {
  const also = [holding({ conid: HELD })];
  expect((await asked(UNDERLYING, [UNDERLYING, HELD], { also })).found).toMatchObject({ asOf: AT });
  expect((await asked(UNDERLYING, [UNDERLYING, HELD], { also, old: HELD })).found).toMatchObject({ asOf: OLD });
});
