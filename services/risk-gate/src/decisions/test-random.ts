import { OrderTerms } from "@countersign/contracts/order";
import { type Facts, missing } from "../facts/fact.ts";
import { FACTS, TERMS } from "../test-facts.ts";

/** A seeded source of numbers; the same seed makes the same decisions for ever. */
export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 up to but without `below`. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}

const cents = (random: Seeded, around: number, spread: number) =>
  ((around + random.below(2 * spread + 1) - spread) / 100).toFixed(2).replace(/\.?0+$/, "");

/** Orders that pass, and orders that one rule or another denies. */
export function randomTerms(random: Seeded): OrderTerms {
  const price = () => cents(random, 23_000, random.oneIn(8) ? 9_000 : 60);
  const { limitPrice: _, ...base } = TERMS as OrderTerms & { limitPrice: string };
  const quantity = random.oneIn(20) ? "10.5" : String(1 + random.below(random.oneIn(4) ? 400 : 60));
  const kinds = [
    () => ({ orderType: "LMT", limitPrice: price() }),
    () => ({ orderType: "MKT", limitPrice: null }),
    () => ({ orderType: "STP", stopPrice: price() }),
    () => ({ orderType: "STP LMT", stopPrice: price(), limitPrice: price() }),
    () => ({ orderType: "TRAIL", trail: { by: "percent", percent: String(1 + random.below(5)) } }),
    () => ({ orderType: "MOC" }),
  ] as const;
  const kind = random.pick(kinds)();
  const account = random.oneIn(30) ? "DU7654321" : base.account;
  return OrderTerms.parse({ ...base, account, side: random.pick(["BUY", "SELL"]), quantity, ...kind });
}

/** The facts of the tests, each number moved a little and each fact missing now and then. */
export function randomFacts(random: Seeded): Facts {
  const at = new Seeded(random.below(2 ** 30));
  const facts = Object.entries(FACTS).map(([name, fact]: [string, unknown]) => {
    const mayBeMissing = typeof fact === "object" && fact !== null && "state" in fact;
    return [name, mayBeMissing && random.oneIn(60) ? missing("taken away") : moved(fact, at)] as const;
  });
  return Object.fromEntries(facts) as unknown as Facts;
}

const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

/** Every twentieth number in it changed by up to a tenth; the shape stays. */
function moved(node: unknown, random: Seeded): unknown {
  if (typeof node === "string") return NUMBER.test(node) && random.oneIn(20) ? scaled(node, random) : node;
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => moved(item, random));
  return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, moved(item, random)]));
}

function scaled(text: string, random: Seeded): string {
  const [whole = "0", decimals = ""] = text.split(".");
  const factor = 90 + random.below(21);
  const digits = String((BigInt(`${whole}${decimals}`) * BigInt(factor)) / 100n);
  if (decimals === "") return digits;
  const padded = digits.replace("-", "").padStart(decimals.length + 1, "0");
  const sign = digits.startsWith("-") ? "-" : "";
  return `${sign}${padded.slice(0, -decimals.length)}.${padded.slice(-decimals.length)}`;
}
