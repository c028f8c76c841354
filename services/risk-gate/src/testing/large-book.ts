import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNT } from "../test-support.ts";

const SHIPPED = join(import.meta.dirname, "../../../../config");
/** The first of the simulator's made-up stocks; the others follow. */
export const MADE_UP = 2_100_000_000;
const FIRST_PERM_ID = 1_200_000_001;

/** Rules that need a past of every instrument that is held. */
export const WITHOUT_HISTORY = Object.fromEntries(
  ["volatilitySize", "correlatedExposure", "valueAtRisk", "minimumLiquidity"].map((rule) => [
    rule,
    { off: "the past of every instrument takes a while to load" },
  ]),
);

export interface LargeBook {
  /** Of the simulator. */
  readonly args: readonly string[];
  readonly configDir: string;
}

/**
 * An account that holds one unit of each of so many stocks, with an order of a person open in each. All of it is described
 * in seconds: the configuration says that the account has bought ten times as many lines, and so messages.
 */
export function largeBook(folder: string, instruments: number): LargeBook {
  const dataDir = join(folder, "broker");
  mkdirSync(dataDir);
  const indexes = Array.from({ length: instruments }, (_, index) => index);
  const holding = { quantity: "1", cost: "100", grossCost: "100", realizedPnl: "0" };
  const positions = Object.fromEntries(indexes.map((index) => [MADE_UP + index, holding]));
  const records = [
    { kind: "account", value: { id: ACCOUNT, cash: { USD: "1000000" }, positions, realizedPnl: "0" } },
    ...indexes.map((index) => ({ kind: "order", value: orderByHand(index) })),
    {
      kind: "counters",
      value: { nextPermId: FIRST_PERM_ID + instruments, nextExecution: 1, accountDay: "", highestOrderIds: {} },
    },
  ];
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
  writeFileSync(join(dataDir, "tws-simulator-state.jsonl"), text);
  return { args: ["--data-dir", dataDir, "--stocks", String(instruments)], configDir: quickConfig(folder) };
}

/** Far below the market. */
function orderByHand(index: number) {
  const terms = { conId: MADE_UP + index, exchange: "SMART", action: "BUY", quantity: "1", orderType: "LMT" };
  const none = { openClose: "", origin: 0, hidden: false, ocaGroup: "", outsideRth: false };
  return {
    ...{ orderId: 0, clientId: 0, permId: FIRST_PERM_ID + index, acceptedMs: 1, status: "Submitted", whyHeld: "" },
    ...{ filled: "0", filledValue: "0", lastFillPrice: "0", completedStatus: "" },
    terms: { ...terms, lmtPrice: "1", tif: "GTC", account: ACCOUNT, orderRef: `by hand ${index}`, ...none },
  };
}

function quickConfig(folder: string): string {
  const to = join(folder, "config");
  cpSync(SHIPPED, to, { recursive: true });
  const change = (file: string, changes: readonly [RegExp, string][]) => {
    let text = readFileSync(join(to, file), "utf8");
    for (const [line, by] of changes) {
      if (!line.test(text)) throw new Error(`${file} has no ${line}`);
      text = text.replace(line, by);
    }
    writeFileSync(join(to, file), text);
  };
  change("broker-gateway.yaml", [[/^messagesPerSecond: .*$/m, "messagesPerSecond: 500"]]);
  change("market-data.yaml", [
    [/^ {4}messages: .*$/m, "    messages: 450"],
    [/^ {4}lines: .*$/m, "    lines: 900"],
    [/^ {2}queuedPerAskerMax: .*$/m, "  queuedPerAskerMax: 2000"],
    [/^ {2}queuedMax: .*$/m, "  queuedMax: 2000"],
  ]);
  return to;
}
