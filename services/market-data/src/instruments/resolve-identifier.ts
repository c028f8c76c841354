import { denied } from "@countersign/contracts/denial";
import type { ByIdentifier, IdentifierType, ResolveMethod } from "@countersign/contracts/messages/md-instruments.v1";
import type { DetailsBook } from "./details-book.ts";
import type { ExchangeNames } from "./exchange-names.ts";
import { listingOf, passes } from "./filters.ts";
import { checkIdentifier, identifierReadings, normalIdentifier } from "./identifiers.ts";
import { type Hit, NOTHING, type Reading, refusedBy, together } from "./reading.ts";

interface IdentifierDeps {
  readonly book: DetailsBook;
  readonly exchanges: ExchangeNames;
}

const METHODS: Readonly<Record<IdentifierType, ResolveMethod>> = {
  ISIN: "isin",
  CUSIP: "cusip",
  SEDOL: "sedol",
  FIGI: "figi",
};

/** ISIN, CUSIP, SEDOL or FIGI. A wrong check digit is refused before anybody is asked. */
export async function byIdentifier(deps: IdentifierDeps, by: ByIdentifier): Promise<Reading> {
  const id = normalIdentifier(by.identifier);
  const readings = by.type === null ? identifierReadings(id) : typed(by.type, id);
  const valid = readings.filter((reading) => reading.valid).map(({ type }) => type);
  if (valid.length === 0) return refusedBy(invalid(readings.map(({ type }) => type)));
  return together(await Promise.all(valid.map((type) => byType(deps, by, type, id))));
}

function typed(type: IdentifierType, id: string) {
  const checked = checkIdentifier(type, id);
  return checked === "wrongForm" ? [] : [{ type, valid: checked === "valid" }];
}

function invalid(types: readonly IdentifierType[]) {
  if (types.length === 0) return denied("IDENTIFIER_INVALID", "It has not the form of such an identifier.").denial;
  const named = types.join(" or ");
  return denied("IDENTIFIER_INVALID", `As ${named} its check digit is wrong.`, { types: [...types] }).denial;
}

async function byType(
  { book, exchanges }: IdentifierDeps,
  by: ByIdentifier,
  type: IdentifierType,
  id: string,
): Promise<Reading> {
  const found = await book.find({ securityId: { type, id }, currency: by.currency });
  if (found.outcome === "none") return NOTHING;
  if (found.outcome === "denied") return refusedBy(found.denial);
  const hit = (row: (typeof found.rows)[number], why: string): Hit => {
    const { source, asOf } = found;
    return { ref: row.ref, method: METHODS[type], score: 1, why, source, asOf };
  };
  const fits = found.rows.filter((row) => passes(by, row, exchanges));
  const several = fits.length > 1;
  if (fits.length > 0) {
    const why = (row: (typeof fits)[number]) => (several ? `${type} equal, ${listingOf(row.ref)}` : `${type} equal`);
    return { ...NOTHING, fits: fits.map((row) => hit(row, why(row))) };
  }
  return { ...NOTHING, near: found.rows.map((row) => hit(row, `${type} equal ${listingOf(row.ref)}, not as asked`)) };
}
