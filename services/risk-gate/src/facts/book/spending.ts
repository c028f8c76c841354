import type { OrderTerms } from "@countersign/contracts/order";
import { add, type Decimal, decimal, multiply, ZERO } from "@countersign/money/decimal";
import type { Facts } from "../fact.ts";
import type { Book, WorkingOrder } from "./book.ts";
import { exposuresOf } from "./exposures.ts";

/** Bought with a margin deposit, or with another currency: their price leaves no cash of the base currency for good. */
const NOT_PAID: readonly string[] = ["FUT", "CASH", "CFD"];

const known = new WeakMap<Book, WeakMap<readonly WorkingOrder[], Decimal>>();

/** What all purchases that work may take: summed once for a book and its orders, not once for each order that is judged. */
function spentBy(book: Book, working: readonly WorkingOrder[]): Decimal {
  const ofBook = known.get(book) ?? new WeakMap<readonly WorkingOrder[], Decimal>();
  known.set(book, ofBook);
  const sum = ofBook.get(working) ?? sumOf(book, working);
  ofBook.set(working, sum);
  return sum;
}

function sumOf({ holdings }: Book, working: readonly WorkingOrder[]): Decimal {
  const classes = new Map(holdings.map(({ conid, secType }) => [conid, secType]));
  const paid = working.filter(({ side, conid }) => side === "BUY" && isPaid(classes.get(conid)));
  return paid.reduce(
    (sum, { remaining, unitValue }) => add(sum, multiply(decimal(remaining), decimal(unitValue))),
    ZERO,
  );
}

/** Whether its price leaves the account when it is bought. What is held in no row, or is of no kind that we know, is paid for. */
export function isPaid(secType: string | undefined): boolean {
  return secType === undefined || !NOT_PAID.includes(secType);
}

/** Cash that all purchases may still take, in base currency: what works and the order itself. Sales bring nothing before they are filled. */
export function spendingOf(
  terms: OrderTerms,
  facts: Facts,
): { spent: Decimal; byOrder: Decimal } | { missing: string } {
  const found = exposuresOf(terms, facts);
  if ("missing" in found) return found;
  if (facts.book.state === "missing" || facts.working.state === "missing") return { missing: "the book" };
  const [book, working] = [facts.book.value, facts.working.value];
  const replaced = facts.replaces?.proposalId;
  const spent =
    replaced === undefined
      ? spentBy(book, working)
      : sumOf(
          book,
          working.filter(({ order }) => order !== replaced),
        );
  let byOrder = ZERO;
  for (const { own, groups } of found.parts)
    if (own.side === "BUY" && isPaid(groups.assetClass))
      byOrder = add(byOrder, multiply(decimal(own.remaining), decimal(own.unitValue)));
  return { spent, byOrder };
}
