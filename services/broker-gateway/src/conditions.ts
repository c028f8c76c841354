import type { BrokerCondition, BrokerConditionCode } from "@countersign/contracts/broker-conditions";
import { IDS_USED_UP } from "./session/hold.ts";
import type { Farm } from "./session/link-codes.ts";
import type { Hold, LinkEnd, LinkState } from "./session/link-types.ts";
import type { NextRestart } from "./session/windows.ts";

type OddOrders = "unknown" | "disputed" | "halfBracket" | "untransmitted" | "cancelPending" | "otherClient";

/** All that is known of the way to the broker at one moment. */
export interface Circumstances {
  readonly nowMs: number;
  readonly link: {
    readonly state: LinkState;
    readonly sinceMs: number;
    /** Wall ms when the link was last up; the start of the process before that. */
    readonly lastUpMs: number;
    readonly detail: string;
    readonly failures: number;
    readonly lastEnd: LinkEnd | null;
    readonly frozen: boolean;
  };
  /** Why the id for orders cannot be had; undefined: nobody else has it. */
  readonly clientIdStuck: string | undefined;
  /** The words with which TWS refused an order because its API is read-only. */
  readonly apiReadOnly: string | undefined;
  readonly hold: Hold | undefined;
  readonly farms: readonly Farm[];
  readonly competing: string | undefined;
  readonly unreadable: number;
  readonly unlistedCodes: readonly number[];
  readonly nextRestarts: readonly NextRestart[];
  /** Names of our orders, by what is odd about them. */
  readonly orders: Readonly<Record<OddOrders, readonly string[]>>;
  /** Open at the broker and not ours, as of the last reading. */
  readonly foreignOrders: number;
  readonly orderIdsBehind: boolean;
  readonly orderIdsLeft: boolean;
  readonly accountsUnread: readonly string[];
}

const LONG_MS = 600_000;
const DAY_MS = 86_400_000;
const TRIES_UNTIL_LOOP = 5;
const TRIES_UNTIL_LOGIN = 3;
const SILENT_SHOWN_MS = 600_000;

/** What is wrong now, worst first; each has its sentence and its fix in the contracts. Pure. */
export function conditionsOf(now: Circumstances): BrokerCondition[] {
  return [...ofLink(now), ...ofSession(now), ...ofOrders(now)].map(({ code, detail }) => ({
    code,
    detail: detail.slice(0, 300),
  }));
}

const named = (code: BrokerConditionCode, detail: string): BrokerCondition => ({ code, detail });

function ofLink({ link, clientIdStuck, nowMs }: Circumstances): BrokerCondition[] {
  const found: BrokerCondition[] = [];
  if (clientIdStuck !== undefined) found.push(named("CLIENT_ID_IN_USE", clientIdStuck));
  if (link.state === "up") {
    const fresh = nowMs - link.sinceMs < SILENT_SHOWN_MS;
    if (link.lastEnd === "silent" && fresh)
      found.push(named("TWS_SILENT", `replaced ${minutes(nowMs - link.sinceMs)} ago`));
    return found;
  }
  if (link.frozen) found.push(named("SERVERS_AWAY", link.detail));
  const tries = `${link.failures} tries; ${link.detail}`;
  if (link.lastEnd === "unreachable" && link.failures > 0) found.push(named("TWS_UNREACHABLE", tries));
  if (link.lastEnd === "noLogin" && link.failures >= TRIES_UNTIL_LOGIN) found.push(named("LOGIN_NEEDS_HUMAN", tries));
  const loops = link.lastEnd === "dropped" || link.lastEnd === "refused";
  if (loops && link.failures >= TRIES_UNTIL_LOOP) found.push(named("LOGIN_LOOP", tries));
  const awayMs = nowMs - link.lastUpMs;
  if (awayMs >= LONG_MS) found.push(named("LINK_DOWN_LONG", `${minutes(awayMs)}; ${link.detail}`));
  return found;
}

function ofSession({ hold, apiReadOnly, farms, competing, ...now }: Circumstances): BrokerCondition[] {
  const found: BrokerCondition[] = [];
  if (hold?.code === "BROKER_RESTARTING") found.push(named("RESTART_WINDOW", hold.reason));
  if (apiReadOnly !== undefined) found.push(named("BROKER_READ_ONLY", apiReadOnly));
  const login = now.nextRestarts.find(({ kind }) => kind === "weeklyLogin");
  if (login !== undefined && login.atMs - now.nowMs <= DAY_MS)
    found.push(named("WEEKLY_LOGIN_SOON", `in ${minutes(login.atMs - now.nowMs)}`));
  for (const farm of farms) {
    if (farm.state === "broken" && farm.kind === "marketData") found.push(named("DATA_FARM_BROKEN", farm.name));
  }
  if (competing !== undefined) found.push(named("COMPETING_SESSION", competing));
  if (now.unreadable > 0) found.push(named("UNREADABLE_MESSAGES", `${now.unreadable} since the start`));
  if (now.unlistedCodes.length > 0) found.push(named("UNKNOWN_CODES", now.unlistedCodes.join(", ")));
  if (now.accountsUnread.length > 0) found.push(named("ACCOUNT_NOT_READ", now.accountsUnread.join(", ")));
  if (!now.orderIdsLeft) found.push(named("ORDER_IDS_USED_UP", IDS_USED_UP));
  if (now.orderIdsBehind) found.push(named("ORDER_IDS_BEHIND", "seen on this connection"));
  return found;
}

function ofOrders({ orders, foreignOrders }: Circumstances): BrokerCondition[] {
  const found: BrokerCondition[] = [];
  const list = (code: BrokerConditionCode, names: readonly string[]) => {
    if (names.length > 0) found.push(named(code, `${names.length}: ${names.slice(0, 5).join(", ")}`));
  };
  list("DISPUTED_ORDERS", orders.disputed);
  list("HALF_BRACKET", orders.halfBracket);
  list("UNTRANSMITTED_ORDERS", orders.untransmitted);
  list("UNKNOWN_ORDERS", orders.unknown);
  list("CANCEL_PENDING", orders.cancelPending);
  list("CLIENT_ID_CHANGED", orders.otherClient);
  if (foreignOrders > 0) found.push(named("FOREIGN_ORDERS", `${foreignOrders} open`));
  return found;
}

function minutes(ms: number): string {
  const count = Math.max(0, Math.round(ms / 60_000));
  return count < 120 ? `${count} min` : `${Math.round(count / 60)} h`;
}
