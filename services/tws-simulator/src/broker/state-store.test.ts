import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFileStore, type StoredState } from "./state-store.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tws-simulator-state-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** An order as a file from before stops, groups, conditions and combinations has it. */
const OLD_ORDER = {
  ...{ orderId: 5, clientId: 7, permId: 9, acceptedMs: 1, status: "Submitted", whyHeld: "", filled: "0" },
  ...{ filledValue: "0", lastFillPrice: "0", completedStatus: "" },
  terms: {
    ...{ conId: 265598, exchange: "SMART", action: "BUY", quantity: "10", orderType: "LMT", lmtPrice: "1", tif: "GTC" },
    ...{ account: "DU1234567", orderRef: "cs1.old", outsideRth: false, openClose: "", origin: 0, hidden: false },
    ocaGroup: "",
  },
};

function load(lines: readonly string[]): StoredState {
  writeFileSync(join(directory, "tws-simulator-state.jsonl"), lines.join("\n"));
  const store = createFileStore(directory, (state) => state);
  const state = store.load();
  store.close();
  return state;
}

test("an order of an older file gets what it does not say: no legs, no conditions, no parent, and it works", () => {
  const { orders } = load([JSON.stringify({ kind: "order", value: OLD_ORDER }), ""]);
  expect(orders).toMatchObject([
    {
      ...{ working: true, heldByParent: false, ocaGroup: "", triggered: false },
      terms: { orderRef: "cs1.old", parentId: 0, combo: { legs: [] }, conditions: { list: [] } },
    },
  ]);
});

test("half a last line never happened; damage anywhere else is an error", () => {
  const line = JSON.stringify({ kind: "order", value: OLD_ORDER });
  expect(load([line, line.slice(0, 40)]).orders).toHaveLength(1);
  expect(() => load([line.slice(0, 40), line, ""])).toThrow(/line 1 of the state file/);
});

test("a later record of the same thing replaces the earlier one", () => {
  load([JSON.stringify({ kind: "order", value: OLD_ORDER }), ""]);
  const later = { kind: "order", value: { ...OLD_ORDER, status: "Filled" } };
  appendFileSync(join(directory, "tws-simulator-state.jsonl"), `${JSON.stringify(later)}\n`);
  const store = createFileStore(directory, (state) => state);
  expect(store.load().orders.map(({ status }) => status)).toEqual(["Filled"]);
  store.close();
});
