import { expect, test } from "vitest";
import { localSymbolKind, pairOf, sameSymbol, symbolWritings } from "./symbol-text.ts";

test.each(["BRK B", "BRK.B", "brk-b", "BRK/B"])("%s is one symbol, asked for as BRK B first", (text) => {
  expect(sameSymbol(text, "BRK B")).toBe(true);
  expect(symbolWritings(text)[0]).toBe("BRK B");
  expect(symbolWritings(text)).not.toContain("BRK");
});

test("BRK.B is not BRK, and BRKB is another symbol", () => {
  expect(sameSymbol("BRK.B", "BRK")).toBe(false);
  expect(sameSymbol("BRK.B", "BRKB")).toBe(false);
});

test("a symbol without separators has one writing", () => {
  expect(symbolWritings(" aapl ")).toEqual(["AAPL"]);
});

test("pairs of currencies", () => {
  expect(pairOf("eur.usd")).toEqual({ base: "EUR", quote: "USD" });
  expect(pairOf("EURUSD")).toEqual({ base: "EUR", quote: "USD" });
  expect(pairOf("EUREUR")).toBeUndefined();
  expect(pairOf("AAPL")).toBeUndefined();
});

test.each([
  ["AAPL  271217C00230000", "OPT"],
  ["ESZ7", "FUT"],
  ["MESH27", "FUT"],
  ["7203.T", "STK"],
] as const)("%s has the form of the local symbol of %s", (text, kind) => {
  expect(localSymbolKind(text)).toBe(kind);
});
