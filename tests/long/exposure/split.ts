import fc from "fast-check";
import type { LongProperty } from "../properties.ts";
import { isAllowed } from "./judged.ts";
import { copyOf, INSTRUMENTS, type NaiveAccount } from "./naive-account.ts";

const at = fc.nat(INSTRUMENTS.length - 1);
const side = fc.constantFrom("BUY" as const, "SELL" as const);
const cases = fc.record({
  positions: fc.array(fc.integer({ min: -70, max: 70 }), {
    minLength: INSTRUMENTS.length,
    maxLength: INSTRUMENTS.length,
  }),
  orders: fc.array(fc.record({ at, side, left: fc.integer({ min: 1, max: 40 }) }), { maxLength: 3 }),
  order: fc.record({ at, side, limitPerMille: fc.integer({ min: -100, max: 100 }) }),
  parts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 6 }),
});

/** In any account, also in one that is beyond its limits already: when every part passes, each with those before it reserved, the whole passes. */
export const noSplitPassesMore: LongProperty = {
  name: "no split of an order passes what the whole would not",
  check: ({ runs, seed }) => {
    const property = fc.property(cases, ({ positions, orders, order, parts }) => {
      const account: NaiveAccount = {
        positions,
        orders: orders.map((one, index) => ({ ...one, id: `before ${index}`, filled: 0, above: 0 })),
      };
      const sum = parts.reduce((all, one) => all + one, 0);
      if (isAllowed(account, { ...order, quantity: sum })) return;
      const after = copyOf(account);
      for (const [index, quantity] of parts.entries()) {
        if (!isAllowed(after, { ...order, quantity })) return;
        after.orders.push({
          id: `part ${index}`,
          at: order.at,
          side: order.side,
          left: quantity,
          filled: 0,
          above: Math.max(0, order.limitPerMille),
        });
      }
      throw new Error(`every part of ${sum} passes: ${JSON.stringify({ account, order, parts })}`);
    });
    fc.assert(property, { numRuns: runs, seed });
  },
};
