import { join } from "node:path";
import { expect, test } from "vitest";
import { readExchanges } from "../calendar/exchange-file.ts";
import { ExchangeNames } from "./exchange-names.ts";

const exchanges = new ExchangeNames(readExchanges(join(import.meta.dirname, "../../../../config")));

test.each([
  ["SWX", "EBS"],
  ["MIL", "BVME"],
  ["BIT", "BVME"],
  ["OMX", "SFB"],
  ["TOKYO", "TSEJ"],
  ["TSX", "TSE"],
  ["XETRA", "IBIS"],
  ["FRANKFURT", "FWB"],
  ["KFX", "CPH"],
  ["ISLAND", "NASDAQ"],
  ["BVMF", "B3"],
  ["XLON", "LSE"],
  ["XTKS", "TSEJ"],
  ["LSE", "LSE"],
])("exchange %s is %s", (alias, code) => {
  expect(exchanges.code(alias)).toBe(code);
  expect(exchanges.same(alias, code)).toBe(true);
});

test("the Toronto and the Tokyo exchange are two", () => {
  expect(exchanges.same("TSE", "TSEJ")).toBe(false);
});
