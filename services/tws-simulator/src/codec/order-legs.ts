import { RequestFormatError, type TokenReader } from "./token-reader.ts";

/** One leg of a combination, as the client wrote it. */
export interface ComboLeg {
  readonly conId: number;
  /** Units of this leg in one unit of the combination. */
  readonly ratio: number;
  readonly action: string;
  readonly exchange: string;
  readonly openClose: number;
  readonly shortSaleSlot: number;
  readonly designatedLocation: string;
  readonly exemptCode: number;
}

/** What a combination order has beside a plain one. */
export interface Combo {
  readonly legs: readonly ComboLeg[];
  /** Price of each leg when the client names them; absent ones are undefined. */
  readonly legPrices: readonly (string | undefined)[];
  readonly smartParameters: readonly (readonly [tag: string, value: string])[];
}

export const NO_COMBO: Combo = { legs: [], legPrices: [], smartParameters: [] };

const COUNT_MAX = 32;

/** A count that a client chose, with a bound. */
export function boundedCount(reader: TokenReader, what: string): number {
  const count = reader.optionalInteger() ?? 0;
  if (count < 0 || count > COUNT_MAX) throw new RequestFormatError(`${count} ${what}`);
  return count;
}

function readLeg(reader: TokenReader): ComboLeg {
  return {
    conId: reader.integer(),
    ratio: reader.integer(),
    action: reader.text().toUpperCase(),
    exchange: reader.text(),
    openClose: reader.optionalInteger() ?? 0,
    shortSaleSlot: reader.optionalInteger() ?? 0,
    designatedLocation: reader.text(),
    exemptCode: reader.optionalInteger() ?? -1,
  };
}

/** The block of placeOrder that only the security type BAG has. */
export function readCombo(reader: TokenReader): Combo {
  const legs = Array.from({ length: boundedCount(reader, "legs") }, () => readLeg(reader));
  const legPrices = Array.from({ length: boundedCount(reader, "leg prices") }, () => reader.optionalDecimal());
  const smartParameters = Array.from({ length: boundedCount(reader, "routing parameters") }, (): [string, string] => [
    reader.text(),
    reader.text(),
  ]);
  return { legs, legPrices, smartParameters };
}

/** `conId|ratio,conId|-ratio`: the legs in one text, a sold leg with a minus. */
function description(legs: readonly ComboLeg[]): string {
  return legs.map(({ conId, ratio, action }) => `${conId}|${action === "BUY" ? ratio : -ratio}`).join(",");
}

function legTokens(leg: ComboLeg): string[] {
  const { conId, ratio, action, exchange, openClose, shortSaleSlot, designatedLocation, exemptCode } = leg;
  const numbers = [String(openClose), String(shortSaleSlot), designatedLocation, String(exemptCode)];
  return [String(conId), String(ratio), action, exchange, ...numbers];
}

/** Description, legs, leg prices and routing parameters of openOrder and completedOrder. */
export function comboTokens(combo: Combo): string[] {
  const { legs, legPrices, smartParameters } = combo;
  return [
    description(legs),
    String(legs.length),
    ...legs.flatMap(legTokens),
    String(legPrices.length),
    ...legPrices.map((price) => price ?? ""),
    String(smartParameters.length),
    ...smartParameters.flat(),
  ];
}
