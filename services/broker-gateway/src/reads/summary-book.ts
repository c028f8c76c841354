import type { AccountSummary } from "@countersign/contracts/account";
import { Fault } from "@countersign/contracts/denial";
import type { Amount } from "@countersign/contracts/money";
import type { Connection } from "../session/connection.ts";
import type { BrokerEvent } from "../session/wire.ts";
import { wireDecimalText } from "../session/wire-numbers.ts";
import { type ReadDeps, SOURCE, shared, utcAt } from "./reader.ts";
import { refusal } from "./refusal.ts";

const SUMMARY_TIMEOUT_MS = 5_000;
const TAGS = {
  netLiquidation: "NetLiquidation",
  totalCash: "TotalCashValue",
  availableFunds: "AvailableFunds",
  buyingPower: "BuyingPower",
  excessLiquidity: "ExcessLiquidity",
  initialMargin: "InitMarginReq",
  maintenanceMargin: "MaintMarginReq",
  grossPositionValue: "GrossPositionValue",
} as const;
const LEDGER = "$LEDGER:ALL";
const CASH = "CashBalance";
const CURRENCY = /^[A-Z]{3}$/;

/** Undefined: TWS said something that cannot be read. */
type Rows = Map<string, Map<string, Amount | undefined>>;
type Row = Extract<BrokerEvent, { kind: "summaryRow" }>;

interface Snapshot {
  readonly reqId: number;
  readonly rows: Rows;
  atMs: number;
}

/** Cash and margins of all accounts; TWS pushes changes every three minutes, so whoever needs them newer has it read again. */
export class SummaryBook {
  readonly #deps: ReadDeps;
  readonly #refresh: () => Promise<void>;
  #snapshot: Snapshot | undefined;
  /** What TWS still sends, on which connection; a reading that failed or was forgotten has left it behind too. */
  #subscribed: { readonly id: number; readonly connection: Connection } | undefined;
  #stale = false;

  constructor(deps: ReadDeps) {
    this.#deps = deps;
    this.#refresh = shared(() => this.#read());
  }

  take(event: BrokerEvent): void {
    if (event.kind === "execution" || event.kind === "commission") this.#expectChange();
    const snapshot = this.#snapshot;
    if (event.kind !== "summaryRow" || event.reqId !== snapshot?.reqId) return;
    put(snapshot.rows, event);
    snapshot.atMs = this.#deps.clock.monotonicMs();
  }

  refresh(): Promise<void> {
    return this.#refresh();
  }

  /** Asked again at once, so that the next reader need not wait; one that fails is asked again by whoever reads. */
  #expectChange(): void {
    this.#stale = true;
    if (this.#deps.link.state === "up") this.#refresh().catch(() => undefined);
  }

  forget(): void {
    this.#snapshot = undefined;
  }

  /** Throws a Fault when TWS has not given every figure on this connection. `ageMaxMs`: older is read again first. */
  async read(account: string, ageMaxMs: number): Promise<AccountSummary> {
    const ageMs = this.#deps.clock.monotonicMs() - (this.#snapshot?.atMs ?? Number.NEGATIVE_INFINITY);
    if (this.#stale || ageMs > ageMaxMs) await this.#refresh();
    // The reading that was under way when the execution came may be from before it.
    if (this.#stale) await this.#refresh();
    const snapshot = this.#snapshot;
    if (snapshot === undefined || this.#deps.link.state !== "up") {
      throw new Fault("BROKER_UNAVAILABLE", "the account is not known: the link to TWS is not up");
    }
    return summaryOf(account, snapshot.rows, utcAt(this.#deps.clock, snapshot.atMs));
  }

  /** The account's base currency; undefined before TWS has said it. */
  baseCurrency(account: string): string | undefined {
    return this.#snapshot?.rows.get(account)?.get(TAGS.netLiquidation)?.currency;
  }

  /** TWS has given the figures of this account on this connection. */
  knows(account: string): boolean {
    return this.#snapshot?.rows.has(account) === true;
  }

  /** Value of all positions, without sign, in the base currency; undefined before TWS has said it. */
  grossPositionValue(account: string): string | undefined {
    return this.#snapshot?.rows.get(account)?.get(TAGS.grossPositionValue)?.amount;
  }

  async #read(): Promise<void> {
    this.#stale = false;
    const rows: Rows = new Map();
    // TWS allows two of these at once; the old one ends first.
    const old = this.#subscribed;
    const replaces = old !== undefined && old.connection === this.#deps.link.connection();
    const reqId = await this.#deps.requests.ask<number>({
      what: "account summary",
      timeoutMs: SUMMARY_TIMEOUT_MS,
      whileReconciling: true,
      messages: replaces ? 2 : 1,
      send: (connection, id) => {
        if (old?.connection === connection) connection.cancelSummary(old.id);
        this.#subscribed = { id, connection };
        connection.requestSummary(id, [...Object.values(TAGS), LEDGER].join(","));
      },
      on: (event, id) => {
        if (event.kind === "summaryRow") put(rows, event);
        if (event.kind === "summaryEnd") return { result: id };
        const refused = refusal(event);
        return refused && { failure: new Fault("BROKER_REFUSED", refused.failure.message) };
      },
    });
    this.#snapshot = { reqId, rows, atMs: this.#deps.clock.monotonicMs() };
  }
}

function put(rows: Rows, row: Row): void {
  const amount = wireDecimalText(row.value);
  if (!CURRENCY.test(row.currency)) return;
  const ofAccount = rows.get(row.account) ?? new Map<string, Amount | undefined>();
  rows.set(row.account, ofAccount);
  const key = row.tag === CASH ? `${CASH} ${row.currency}` : row.tag;
  // What cannot be read takes back what was: an old figure under the time of now would pass for its successor.
  if (row.tag === CASH || Object.values<string>(TAGS).includes(row.tag)) {
    ofAccount.set(key, amount === null ? undefined : { amount, currency: row.currency });
  }
}

function summaryOf(account: string, rows: Rows, asOf: string): AccountSummary {
  const found = rows.get(account);
  const need = (tag: string): Amount => {
    const amount = found?.get(tag);
    if (amount === undefined) throw new Fault("BROKER_UNAVAILABLE", `TWS gave no ${tag} of this account`);
    return amount;
  };
  const cash = [...(found ?? [])].filter(([key]) => key.startsWith(`${CASH} `)).map(([key]) => need(key));
  return {
    account,
    baseCurrency: need(TAGS.netLiquidation).currency,
    netLiquidation: need(TAGS.netLiquidation),
    totalCash: need(TAGS.totalCash),
    availableFunds: need(TAGS.availableFunds),
    buyingPower: need(TAGS.buyingPower),
    excessLiquidity: need(TAGS.excessLiquidity),
    initialMargin: need(TAGS.initialMargin),
    maintenanceMargin: need(TAGS.maintenanceMargin),
    grossPositionValue: need(TAGS.grossPositionValue),
    cashByCurrency: cash,
    source: SOURCE,
    asOf,
  };
}
