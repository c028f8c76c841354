import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { BrokenPeer } from "./frame-gate.ts";
import { readReply } from "./read-reply.ts";

const VERSION = 193;
const read = (text: string) => readReply(text.split("|"), VERSION);

describe("a TWS that is newer than what we know", () => {
  covers("code/drift");
  test("rows with the prefix of the ledger mean the same rows", () => {
    const [row] = read("63|1|7|DU1234567|$LEDGER-CashBalance|100.00|USD");
    expect(row).toMatchObject({ kind: "summaryRow", tag: "CashBalance", value: "100.00" });
  });

  test("a comma behind the last account is no account", () => {
    expect(read("15|1|DU1234567,DU7654321,")).toEqual([{ kind: "accounts", accounts: ["DU1234567", "DU7654321"] }]);
  });

  test.each([
    ["a message that nobody knows", "250|1|2"],
    ["a field too many", "61|3|DU1|1|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS|10|100.0|more"],
    ["a field too few", "61|3|DU1|1|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS|10"],
    ["a word where a quantity belongs", "61|3|DU1|1|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS|many|100.0"],
  ])("%s -> refused, and never read as zero", (_, text) => {
    expect(() => read(text)).toThrow(BrokenPeer);
  });
});
