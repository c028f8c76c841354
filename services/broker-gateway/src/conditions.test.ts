import { BROKER_CONDITIONS } from "@countersign/contracts/broker-conditions";
import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { type Circumstances, conditionsOf } from "./conditions.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const LINK = { state: "up", sinceMs: NOW - 60 * MINUTE, lastUpMs: NOW, detail: "reconciled", failures: 0 } as const;
const WELL: Circumstances = {
  nowMs: NOW,
  link: { ...LINK, lastEnd: null, frozen: false },
  clientIdStuck: undefined,
  apiReadOnly: undefined,
  hold: undefined,
  farms: [{ name: "usfarm", kind: "marketData", state: "ok" }],
  competing: undefined,
  unreadable: 0,
  unlistedCodes: [],
  nextRestarts: [{ kind: "weeklyLogin", atMs: NOW + 25 * 60 * MINUTE }],
  orders: { unknown: [], disputed: [], cancelPending: [], otherClient: [], halfBracket: [], untransmitted: [] },
  foreignOrders: 0,
  orderIdsBehind: false,
  orderIdsLeft: true,
  accountsUnread: [],
};
const away = (link: object): Partial<Circumstances> => ({
  link: { ...WELL.link, state: "down", lastUpMs: NOW - MINUTE, ...link },
});

const STUCK = {
  clientIdStuck: "client id 17 is in use",
  hold: { code: "BROKER_READ_ONLY", reason: "client id 17 is in use" },
} as const;

const cases: [string, Partial<Circumstances>, string[]][] = [
  ["all is well", {}, []],
  ["nobody listens at the port", away({ lastEnd: "unreachable", failures: 1 }), ["TWS_UNREACHABLE"]],
  ["taken and never started, once", away({ lastEnd: "noLogin", failures: 2 }), []],
  ["taken and never started, again and again", away({ lastEnd: "noLogin", failures: 3 }), ["LOGIN_NEEDS_HUMAN"]],
  ["ended again and again", away({ lastEnd: "dropped", failures: 5 }), ["LOGIN_LOOP"]],
  ["away for less than ten minutes", away({ lastUpMs: NOW - 10 * MINUTE + 1 }), []],
  ["away for ten minutes", away({ lastUpMs: NOW - 10 * MINUTE }), ["LINK_DOWN_LONG"]],
  ["without its servers", away({ state: "reconciling", frozen: true }), ["SERVERS_AWAY"]],
  ["replaced for its silence", { link: { ...WELL.link, lastEnd: "silent", sinceMs: NOW - MINUTE } }, ["TWS_SILENT"]],
  [
    "in use, and nobody is connected",
    { ...away({ lastEnd: "clientIdTaken", failures: 1 }), ...STUCK },
    ["CLIENT_ID_IN_USE"],
  ],
  ["in use, and the fallback reads", STUCK, ["CLIENT_ID_IN_USE"]],
  [
    "a day before the login",
    { nextRestarts: [{ kind: "weeklyLogin", atMs: NOW + 1_440 * MINUTE }] },
    ["WEEKLY_LOGIN_SOON"],
  ],
  ["restarting", { hold: { code: "BROKER_RESTARTING", reason: "about to" } }, ["RESTART_WINDOW"]],
  ["read-only", { apiReadOnly: "The API interface is currently in Read-Only mode." }, ["BROKER_READ_ONLY"]],
  ["a farm is down", { farms: [{ name: "usfarm", kind: "marketData", state: "broken" }] }, ["DATA_FARM_BROKEN"]],
  ["logged in elsewhere", { competing: "No market data during competing live session" }, ["COMPETING_SESSION"]],
  ["unreadable", { unreadable: 1 }, ["UNREADABLE_MESSAGES"]],
  ["unlisted", { unlistedCodes: [31_337] }, ["UNKNOWN_CODES"]],
  ["not read", { accountsUnread: ["DU1234567"] }, ["ACCOUNT_NOT_READ"]],
  ["ids behind", { orderIdsBehind: true }, ["ORDER_IDS_BEHIND"]],
  ["ids used up", { orderIdsLeft: false }, ["ORDER_IDS_USED_UP"]],
  ["foreign", { foreignOrders: 2 }, ["FOREIGN_ORDERS"]],
  ["unknown", { orders: { ...WELL.orders, unknown: ["prop_a"] } }, ["UNKNOWN_ORDERS"]],
  ["disputed", { orders: { ...WELL.orders, disputed: ["prop_a"] } }, ["DISPUTED_ORDERS"]],
  ["cancel pending", { orders: { ...WELL.orders, cancelPending: ["prop_a"] } }, ["CANCEL_PENDING"]],
  ["half a bracket", { orders: { ...WELL.orders, halfBracket: ["prop_a"] } }, ["HALF_BRACKET"]],
  ["untransmitted", { orders: { ...WELL.orders, untransmitted: ["prop_a"] } }, ["UNTRANSMITTED_ORDERS"]],
  ["another client id", { orders: { ...WELL.orders, otherClient: ["prop_a"] } }, ["CLIENT_ID_CHANGED"]],
];

describe("what is wrong on the way to the broker", () => {
  covers("field/login-loop");
  test.each(cases)("%s -> %j", (_, change, expected) => {
    expect(conditionsOf({ ...WELL, ...change }).map(({ code }) => code)).toEqual(expected);
  });

  test("each has one plain sentence and says what to do", () => {
    for (const { sentence, fix } of Object.values(BROKER_CONDITIONS)) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(fix).toMatch(/^[A-Z].*\.$/);
    }
  });
});
