import { describe, expect, test } from "vitest";
import type { ExecState } from "../fold/exec-state.ts";
import { sentOrder } from "../fold/test-order.ts";
import { ticketInstrument } from "../testing/ticket-instrument.ts";
import { unexplained } from "./holdings.ts";

const ACCOUNT = "DU1234567";
const CONID = 265598;
type Fill = [execId: string, side: "BOT" | "SLD", quantity: string, price: string, comboLeg?: number];

function traded(
  fills: Fill[],
  { secType = "STK", multiplier = "1", commission = "1.25", ...change }: object & Some = {},
) {
  const executions = new Map(
    fills.map(([execId, side, quantity, price, comboLeg]) => [
      execId,
      {
        ...{ execId, side, quantity, price, currency: "USD", exchange: "SMART", time: "t" },
        ...{ cumulativeQuantity: quantity, averagePrice: price },
        ...(comboLeg !== undefined && { comboLeg }),
      },
    ]),
  );
  const commissions = new Map(fills.map(([execId]) => [execId, { amount: commission, currency: "USD" }]));
  const instrument = { ...ticketInstrument({}), secType, multiplier } as NonNullable<ExecState["instrument"]>;
  return sentOrder({ instrument, executions, commissions, ...change });
}
interface Some extends Partial<ExecState> {
  secType?: string;
  multiplier?: string;
  commission?: string;
}

const row = (conid: number, quantity: string, secType = "STK") => ({ account: ACCOUNT, conid, secType, quantity });
const cash = (amount: string) => [{ currency: "USD", amount }];
const none = { positions: {}, cash: {} };

describe("what executions on record do not explain", () => {
  test("bought and sold, with commissions -> nothing but what was there before", () => {
    const orders = [traded([["a.01", "BOT", "100", "10"]]), traded([["b.01", "SLD", "40", "11"]])];
    const shown = { account: ACCOUNT, positions: [row(CONID, "60")], cash: cash("-562.5") };
    expect(unexplained(shown, orders)).toEqual(none);
    const before = { ...shown, positions: [row(CONID, "65"), row(7, "3")], cash: cash("437.5") };
    expect(unexplained(before, orders)).toEqual({ positions: { 7: "3", 265598: "5" }, cash: { USD: "1000" } });
  });

  test.each<[string, ReturnType<typeof traded>[], string, string]>([
    [
      "an option by its multiplier",
      [traded([["a.01", "BOT", "2", "3"]], { secType: "OPT", multiplier: "100" })],
      "2",
      "-601.25",
    ],
    [
      "a corrected execution once, as it was corrected",
      [
        traded([
          ["a.01", "BOT", "100", "10"],
          ["a.02", "BOT", "90", "10"],
        ]),
      ],
      "90",
      "-901.25",
    ],
    [
      "a future by its commission alone",
      [traded([["a.01", "SLD", "1", "5000"]], { secType: "FUT", multiplier: "50" })],
      "-1",
      "-1.25",
    ],
    ["a rebate as a gain", [traded([["a.01", "BOT", "1", "10"]], { commission: "-0.5" })], "1", "-9.5"],
  ])("%s", (_what, orders, quantity, amount) => {
    const shown = { account: ACCOUNT, positions: [row(CONID, quantity, "X")], cash: cash(amount) };
    expect(unexplained(shown, orders)).toEqual(none);
  });

  test("of a combination the legs are positions and paid for, the whole is not", () => {
    const { executions, commissions } = traded([
      ["w.01", "BOT", "1", "2"],
      ["x.01", "BOT", "1", "5", 11],
      ["y.01", "SLD", "1", "3", 12],
    ]);
    const instrument = ticketInstrument({ legs: [{ conid: 11 }, { conid: 12 }] }) as NonNullable<
      ExecState["instrument"]
    >;
    const order = sentOrder({ instrument, executions, commissions, conids: [11, 12] });
    const shown = { account: ACCOUNT, positions: [row(11, "1", "OPT"), row(12, "-1", "OPT")], cash: cash("-203.75") };
    expect(unexplained(shown, [order])).toEqual(none);
  });

  test("a position that is gone, or cash without a trade -> named; another account and pairs of currencies -> not counted", () => {
    const order = traded([["a.01", "BOT", "100", "10"]], { commission: "0" });
    const shown = { account: ACCOUNT, positions: [row(9, "5", "CASH")], cash: cash("-990") };
    expect(unexplained(shown, [order])).toEqual({ positions: { 265598: "-100" }, cash: { USD: "10" } });
    expect(unexplained({ ...shown, account: "DU7654321", cash: [] }, [order])).toEqual(none);
    const pair = traded([["a.01", "BOT", "100", "1.1"]], { secType: "CASH", commission: "0" });
    expect(unexplained({ ...shown, cash: [] }, [pair])).toEqual(none);
  });
});
