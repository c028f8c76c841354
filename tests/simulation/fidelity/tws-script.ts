import { Prng } from "../engine/prng.ts";

export type Client = 17 | 18;

export type TwsStep =
  | { readonly do: "connect" | "disconnect"; readonly client: Client }
  /** A second connection with a client id that is taken. */
  | { readonly do: "connectTwice"; readonly client: Client }
  /** `parts`: sizes in which a market order of 10 fills; `rest`: a limit far away; `reject`: refused by the broker. */
  | { readonly do: "place"; readonly client: Client; readonly how: "rest" | "market" | "parts" | "reject" | "ignored" }
  /** An entry that rests or fills at once and two exits; without its last message; or an exit of an entry that is not there. */
  | { readonly do: "bracket"; readonly client: Client; readonly how: "rest" | "market" | "cut" | "orphan" }
  /** The price goes up to where all exits with a profit fill, and back. */
  | { readonly do: "rise" }
  /** The `back`th last order once more, with another quantity, or as another kind of order. */
  | {
      readonly do: "again";
      readonly client: Client;
      readonly back: number;
      readonly change: "quantity" | "side" | "type";
    }
  /** An id below all used ones that was never used, or one far above. */
  | { readonly do: "oddId"; readonly client: Client; readonly below: boolean }
  | { readonly do: "cancel"; readonly client: Client; readonly back: number }
  | { readonly do: "cancelOther" | "cancelUnknown"; readonly client: Client }
  | { readonly do: "openOrders" | "completedOrders" | "executions" | "nextId"; readonly client: Client }
  | { readonly do: "lost"; readonly restored: "1101" | "1102" }
  | { readonly do: "restart" };

/** What one script does to a TWS through the connections of two clients. */
export function twsScript(seed: number): TwsStep[] {
  const random = new Prng(seed);
  const steps: TwsStep[] = [{ do: "connect", client: 17 }];
  if (random.chance(0.4)) steps.push({ do: "connect", client: 18 });
  const length = random.between(5, 14);
  for (let step = 0; step < length; step += 1) steps.push(stepOf(random));
  const client = 17;
  steps.push({ do: "connect", client }, { do: "openOrders", client }, { do: "completedOrders", client });
  steps.push({ do: "executions", client }, { do: "nextId", client });
  return steps;
}

function stepOf(random: Prng): TwsStep {
  const client = random.chance(0.8) ? 17 : 18;
  const roll = random.below(100);
  const back = random.below(4);
  if (roll < 9)
    return { do: "bracket", client, how: random.pick(["rest", "market", "market", "cut", "orphan"] as const) };
  if (roll < 12) return { do: "rise" };
  if (roll < 38) {
    const how = random.pick(["rest", "rest", "rest", "market", "parts", "reject", "ignored"] as const);
    return { do: "place", client, how };
  }
  if (roll < 50)
    return { do: "again", client, back, change: random.pick(["quantity", "quantity", "side", "type"] as const) };
  if (roll < 53) return { do: "oddId", client, below: random.chance(0.6) };
  if (roll < 66) return { do: "cancel", client, back };
  if (roll < 70) return { do: random.pick(["cancelOther", "cancelUnknown"] as const), client };
  if (roll < 84) return { do: random.pick(["openOrders", "completedOrders", "executions", "nextId"] as const), client };
  if (roll < 87) return { do: "lost", restored: random.pick(["1101", "1102"] as const) };
  if (roll < 89) return { do: "restart" };
  if (roll < 91) return { do: "connectTwice", client };
  return { do: random.chance(0.5) ? "connect" : "disconnect", client };
}
