import { utcText } from "@countersign/clock/clock";
import { comboOf, conidsOf } from "@countersign/contracts/combo";
import { type Denial, denied, Fault, ok } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { OrderTerms } from "@countersign/contracts/order";
import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import type { OrderIds } from "../order-ids.ts";
import type { Serial } from "../serial.ts";
import { IDS_USED_UP, writerOf } from "../session/hold.ts";
import { contractToSend, inexactNumberOf, wireTermsOf } from "../session/order-terms.ts";
import type { BrokerEvent, OrderToSend, WireMargins } from "../session/wire.ts";
import type { Contracts } from "./contracts.ts";
import type { ReadDeps } from "./reader.ts";
import { whatIfRefusal } from "./refusal.ts";
import type { SummaryBook } from "./summary-book.ts";

const WHAT_IF_TIMEOUT_MS = 3_500;

export interface WhatIfDeps extends ReadDeps {
  readonly contracts: Contracts;
  readonly summaries: SummaryBook;
  readonly orderIds: OrderIds;
  readonly sendLane: Serial;
}

type Answer = ReturnType<typeof ok<BrokerWhatIf>> | { readonly outcome: "denied"; readonly denial: Denial };

/** The broker's own margin and commission for an order that is not placed. A Fault when it gives none. */
export async function whatIf(deps: WhatIfDeps, terms: OrderTerms): Promise<Answer> {
  // Before an order id is spent on it.
  const inexact = inexactNumberOf(terms);
  if (inexact !== undefined) return denied("INVALID_ARGUMENT", `TWS cannot be told ${inexact} exactly`);
  writerOf(deps.link);
  if (!deps.orderIds.left) throw new Fault("BROKER_UNAVAILABLE", IDS_USED_UP);
  const described = await Promise.all(conidsOf(terms).map((conid) => deps.contracts.byConid(conid)));
  const instruments: Instrument[] = [];
  for (const one of described) {
    if (one.outcome === "denied") return one;
    instruments.push(one.value.instrument);
  }
  const currency = deps.summaries.baseCurrency(terms.account);
  if (currency === undefined) throw new Fault("BROKER_UNAVAILABLE", "the account's base currency is not known yet");
  const contract = contractToSend(terms, comboOf(instruments));
  const { account } = terms;
  // Of a bracket the entry is asked about: its exits only take the position back.
  const order = { ...wireTermsOf(terms), account, contract, orderRef: "", group: null };
  const margins = await askWhatIf(deps, { ...order, whatIf: true });
  return ok(whatIfOf(margins, currency, utcText(deps.clock.nowMs())));
}

function askWhatIf(deps: WhatIfDeps, order: Omit<OrderToSend, "orderId">): Promise<WireMargins> {
  return deps.requests.ask<WireMargins>({
    what: "the what-if",
    timeoutMs: WHAT_IF_TIMEOUT_MS,
    // A what-if spends an order id, and ids must reach TWS in rising order.
    id: () => deps.orderIds.take(),
    lane: "read",
    exclusive: deps.sendLane,
    send: (connection, orderId) => connection.placeOrder({ ...order, orderId }),
    on: (event: BrokerEvent) => {
      // A first answer may come without figures; the one with the margins counts.
      if (event.kind === "openOrder" && isComplete(event.order.margins)) return { result: event.order.margins };
      return whatIfRefusal(event);
    },
  });
}

function isComplete(margins: WireMargins): boolean {
  const { initialChange, initialAfter, maintenanceChange, maintenanceAfter, equityAfter } = margins;
  return [initialChange, initialAfter, maintenanceChange, maintenanceAfter, equityAfter].every(
    (value) => value !== null,
  );
}

function whatIfOf(margins: WireMargins, currency: string, asOf: string): BrokerWhatIf {
  const need = (value: string | null): string => {
    if (value === null) throw new TypeError("incomplete what-if");
    return value;
  };
  const charge = (amount: string | null) =>
    amount === null || margins.commissionCurrency === "" ? null : { amount, currency: margins.commissionCurrency };
  return {
    source: "broker",
    asOf,
    currency,
    initialMarginChange: need(margins.initialChange),
    initialMarginAfter: need(margins.initialAfter),
    maintenanceMarginChange: need(margins.maintenanceChange),
    maintenanceMarginAfter: need(margins.maintenanceAfter),
    equityWithLoanAfter: need(margins.equityAfter),
    commission: charge(margins.commission),
    commissionMin: charge(margins.commissionMin),
    commissionMax: charge(margins.commissionMax),
    warning: margins.warning === "" ? null : margins.warning,
  };
}
