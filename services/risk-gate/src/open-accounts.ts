import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import type { Tripwire } from "@countersign/bus/tripwire";
import type { Clock } from "@countersign/clock/clock";
import type { OrderProjection } from "@countersign/orders/projection";
import type { RiskGateConfig } from "./config.ts";
import { BookKeeper } from "./facts/book/book-keeper.ts";
import type { OwnWorkingOrders } from "./facts/book/own-working.ts";
import { HistoryKeeper } from "./facts/history/history-keeper.ts";
import { looksAt } from "./policy/looks-at.ts";
import type { PolicyInForce } from "./policy.ts";
import { AccountWatch } from "./watch/account-watch.ts";

export interface AccountsGiven {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly config: RiskGateConfig;
  /** Read anew each time: another policy may be in force by then. */
  readonly inForce: PolicyInForce;
  readonly orders: Pick<OrderProjection, "get">;
  readonly own: OwnWorkingOrders;
  readonly control: ControlView;
  readonly wire: Tripwire<"risk-gate">;
}

/** What is known of the accounts ahead of any order: what they hold, how that moved, and what they lost. */
export function openAccounts({ bus, clock, config, inForce, orders, own, control, wire }: AccountsGiven) {
  const isOurs = (proposalId: string) => orders.get(proposalId) !== undefined;
  const books = new BookKeeper({
    ...{ bus, clock, own, isOurs, ...config.book },
    // Not only after a while: until its past is known, nothing can be judged of an account.
    onRefreshed: () => void past.ahead(),
    get accounts() {
      return inForce.policy.accounts;
    },
    get rateDataTypes() {
      return inForce.policy.rateDataTypes;
    },
  });
  const past = new HistoryKeeper({
    ...{ bus, clock, ...config.history },
    isWanted: () => looksAt(inForce.policy, "history"),
    held: () => inForce.policy.accounts.flatMap((account) => books.held(account)),
  });
  const watch = new AccountWatch({
    ...{ bus, view: control, wire, clock, config: config.watch },
    accounts: () => inForce.policy.accounts,
    onMissing: (account, error) => bus.log.warn({ account, error: String(error) }, "no values of the account"),
  });
  const stop = () => {
    watch.stop();
    books.stop();
    past.stop();
  };
  return { books, past, watch, stop };
}
