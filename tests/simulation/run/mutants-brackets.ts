import type { Mutant } from "./mutants.ts";

const GATEWAY = "services/broker-gateway/src";
const ORDERS_OF = `${GATEWAY}/submit/orders-of.ts`;

export const BRACKET_MUTANTS: readonly Mutant[] = [
  {
    name: "entry of a bracket sent alone",
    patches: [
      {
        file: ORDERS_OF,
        from: "transmit: index === all.length - 1 };",
        to: "transmit: true };",
      },
    ],
  },
  {
    name: "bracket sent without its stop",
    patches: [
      {
        file: ORDERS_OF,
        from: "return [entry, ...entry.exits].map((one, index, all) => {",
        to: "return [entry, ...entry.exits].slice(0, 2).map((one, index, all) => {",
      },
    ],
  },
  {
    name: "cut bracket left untransmitted",
    patches: [
      {
        file: `${GATEWAY}/connect-orders.ts`,
        from: "      await staged.cancel();\n",
        to: "",
      },
    ],
  },
  {
    name: "lost stop not told",
    patches: [
      {
        file: "libs/orders/src/apply-legs.ts",
        from: 'const HELD: readonly State[] = ["WORKING", "PARTIAL", "CANCEL_REQUESTED"];',
        to: 'const HELD: readonly State[] = ["WORKING", "PARTIAL", "CANCEL_REQUESTED", "CANCELLED", "BROKER_REJECTED"];',
      },
    ],
  },
  {
    name: "exits on the side of their entry",
    patches: [
      {
        file: `${GATEWAY}/session/order-terms.ts`,
        from: "const side = otherSide(terms.side);",
        to: "const side = terms.side;",
      },
    ],
  },
  {
    name: "exit made smaller and filled is not settled",
    patches: [
      {
        file: `${GATEWAY}/fold/change-evidence.ts`,
        from: "  if (filledAsMadeSmaller(order, evidence))\n",
        to: '  if (filledAsMadeSmaller(order, evidence) && order.leg === "entry")\n',
      },
    ],
  },
];
