import type { ControlView, OrderScopes } from "@countersign/bus/control-view";
import { conidsOf } from "@countersign/contracts/combo";
import { type Denial, denied } from "@countersign/contracts/denial";
import type { OrderTerms } from "@countersign/contracts/order";

type Refused = { outcome: "denied"; denial: Denial };
type Ordered = { readonly terms: OrderTerms; readonly agent: string };

/** The scopes of the kill switch that bear on an order. */
export function scopesOf({ terms, agent }: Ordered): OrderScopes {
  return { account: terms.account, agent, conids: conidsOf(terms) };
}

/** Why nothing is asked about this order now: everything that bears on it is HALTED, or nobody can confirm that it is not. */
export function haltedRefusal(control: Pick<ControlView, "level">, order: Ordered): Refused | undefined {
  const { level, reason } = control.level(scopesOf(order));
  return level === "HALTED" ? denied("KILL_SWITCH_HALTED", `HALTED: ${reason}`.slice(0, 900)) : undefined;
}

/** Those who wait for something that a stop makes pointless. */
export class StopWaiters {
  readonly #control: Pick<ControlView, "level">;
  readonly #waiting = new Set<{ order: Ordered; tell: (refused: Refused) => void }>();

  constructor(control: Pick<ControlView, "level" | "onChange">) {
    this.#control = control;
    control.onChange(() => {
      for (const waiter of this.#waiting) {
        const refused = haltedRefusal(control, waiter.order);
        if (refused !== undefined) waiter.tell(refused);
      }
    });
  }

  /** The answer to a question about the order, or the refusal as soon as the order is HALTED, whichever comes first. */
  async answerOrStop<T>(order: Ordered, asking: Promise<T>): Promise<T | Refused> {
    asking.catch(() => undefined);
    const refused = haltedRefusal(this.#control, order);
    if (refused !== undefined) return refused;
    const { promise: stopped, resolve: tell } = Promise.withResolvers<Refused>();
    const waiter = { order, tell };
    this.#waiting.add(waiter);
    try {
      return await Promise.race([asking, stopped]);
    } finally {
      this.#waiting.delete(waiter);
    }
  }
}
