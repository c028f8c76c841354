import type { AuditEntry } from "@countersign/contracts/audit";
import type { CashStep } from "@countersign/contracts/live";
import { absolute, compare, decimal, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";

/** The broker shows cash rounded to cents: two roundings apart nothing has happened. */
const CENT = decimal("0.01");
const Amounts = z.record(z.string(), z.string().regex(/^-?[0-9]+(\.[0-9]+)?$/));
const Accounts = z.record(z.string(), z.strictObject({ positions: Amounts, cash: Amounts }));
type Accounts = z.infer<typeof Accounts>;

export interface HeldDay {
  /** Undefined: positions were compared and are as the record of the day before leaves them. */
  readonly why: string | undefined;
  readonly cashSteps: readonly CashStep[];
}

/**
 * Per UTC day what a paper gateway last found at the broker that no execution explains. What was there on the first day is
 * where it began; afterwards a change of it is something that happened past the record.
 */
export class HeldDays {
  /** Day -> the last of it; undefined: it cannot be read. */
  readonly #days = new Map<string, Accounts | undefined>();

  take({ at, body }: AuditEntry): void {
    if (body.mode !== "paper" || body.why !== "holdings") return;
    this.#days.set(at.slice(0, 10), Accounts.safeParse(body.accounts).data);
  }

  of(day: string): HeldDay {
    const found = this.#days.get(day);
    if (found === undefined) return { why: "positions and cash were not compared", cashSteps: [] };
    const before = [...this.#days].findLast(([other, accounts]) => other < day && accounts !== undefined)?.[1] ?? {};
    const gone = Object.keys(before).find((account) => found[account] === undefined);
    if (gone !== undefined) return { why: `${gone} was not compared`, cashSteps: [] };
    const known = Object.entries(found).filter(([account]) => before[account] !== undefined);
    const steps = known.map(([account, now]) => ({ account, from: before[account] ?? now, now }));
    const moved = steps.flatMap(({ account, from, now }) =>
      differences(from.positions, now.positions).map(([conid, by]) => `${by} of ${conid} in ${account}`),
    );
    const why = moved.length === 0 ? undefined : `no execution on record explains ${moved.slice(0, 5).join(", ")}`;
    const cashSteps = steps.flatMap(({ account, from, now }) =>
      differences(from.cash, now.cash)
        .filter(([, amount]) => compare(absolute(decimal(amount)), CENT) > 0)
        .map(([currency, amount]) => ({ day, account, currency, amount })),
    );
    return { why, cashSteps };
  }
}

function differences(before: Record<string, string>, now: Record<string, string>): [key: string, by: string][] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const all = keys.map((key): [string, string] => {
    return [key, toText(subtract(decimal(now[key] ?? "0"), decimal(before[key] ?? "0")))];
  });
  return all.filter(([, by]) => by !== "0");
}
