import fc from "fast-check";
import type { LongProperty } from "../properties.ts";
import { isAllowed } from "./judged.ts";
import { broken, copyOf, fill, INSTRUMENTS, type NaiveAccount, type NaiveOrder } from "./naive-account.ts";

/** What may happen, in any order: the seed draws it, the account says whether it can. */
interface Step {
  readonly what: "propose" | "change" | "fill" | "cancel";
  readonly at: number;
  readonly isBuy: boolean;
  readonly quantity: number;
  readonly limitPerMille: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom(
      "propose" as const,
      "propose" as const,
      "change" as const,
      "fill" as const,
      "fill" as const,
      "cancel" as const,
    ),
    at: fc.nat(INSTRUMENTS.length - 1),
    isBuy: fc.boolean(),
    quantity: fc.integer({ min: 1, max: 80 }),
    limitPerMille: fc.integer({ min: -100, max: 100 }),
  }),
  { minLength: 4, maxLength: 14 },
);

/**
 * Orders are proposed, judged by the real rules with everything before them reserved, filled in parts, changed and
 * cancelled in any order. What the account really holds never passes a limit: not at any step, and not when at the end
 * everything of one side fills, or all of it, in either order.
 */
export const exposureStaysWithinLimits: LongProperty = {
  name: "no interleaving of proposals, changes, fills and cancels breaks a limit of exposure",
  check: ({ runs, seed }) => {
    fc.assert(
      fc.property(steps, (drawn) => run(drawn)),
      { numRuns: runs, seed },
    );
  },
};

function run(drawn: readonly Step[]): void {
  const account: NaiveAccount = { positions: INSTRUMENTS.map(() => 0), orders: [] };
  for (const [index, step] of drawn.entries()) {
    take(account, step, index);
    holds(account, `after step ${index + 1}`);
  }
  for (const first of ["BUY", "SELL"] as const) {
    const ending = copyOf(account);
    for (const side of [first, first === "BUY" ? "SELL" : "BUY"])
      for (const order of ending.orders.filter((one) => one.side === side)) {
        fill(ending, order, order.left);
        holds(ending, `while every ${side} fills, ${first} first`);
      }
  }
}

function holds(account: NaiveAccount, when: string): void {
  const what = broken(account);
  if (what !== undefined) throw new Error(`${what} is beyond its limit ${when}: ${JSON.stringify(account)}`);
}

function take(account: NaiveAccount, step: Step, index: number): void {
  const { at, quantity, limitPerMille } = step;
  const order = account.orders[step.quantity % Math.max(1, account.orders.length)];
  if (step.what === "propose") {
    const asked = { at, side: step.isBuy ? ("BUY" as const) : ("SELL" as const), quantity, limitPerMille };
    if (isAllowed(account, asked))
      account.orders.push({
        id: `order ${index}`,
        at,
        side: asked.side,
        left: quantity,
        filled: 0,
        above: Math.max(0, limitPerMille),
      });
  } else if (order !== undefined) takeOf(account, order, step);
}

function takeOf(account: NaiveAccount, order: NaiveOrder, { what, quantity, limitPerMille }: Step): void {
  if (what === "fill") fill(account, order, quantity);
  else if (what === "cancel") account.orders = account.orders.filter((one) => one !== order);
  else if (quantity > order.filled) {
    const asked = { at: order.at, side: order.side, quantity, limitPerMille, replaces: order };
    if (!isAllowed(account, asked)) return;
    order.left = quantity - order.filled;
    order.above = Math.max(order.above, limitPerMille);
  }
}
