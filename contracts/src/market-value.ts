import * as z from "zod";
import { DecimalText, UtcText } from "./primitives.ts";

/**
 * What a number of the market is. `frozen`: the last value before the market closed. `delayed`: 15 minutes or more behind
 * the market. Only `live` says what holds now.
 */
export const DataType = z.enum(["live", "frozen", "delayed", "delayedFrozen"]);
export type DataType = z.infer<typeof DataType>;

/** From the best to the worst. */
export const DATA_TYPES = DataType.options;

/** Why there is no value. */
export const ABSENCES = {
  notSent: "The broker has not said it.",
  none: "The broker said that there is none now.",
  notSubscribed: "The user has no subscription for it.",
  notQuoted: "Nobody says it for instruments of this kind.",
  unreadable: "What came is no number that can be read.",
} as const;
export type Absence = keyof typeof ABSENCES;

/** One number with everything that it takes to judge it. */
export const KnownValue = z.strictObject({
  state: z.literal("known"),
  value: DecimalText,
  unit: z.string().min(1).max(12).describe("Currency of a price; shares, contracts, units or a currency of a size"),
  source: z.string().max(40),
  asOf: UtcText.describe("Last time at which it is known to have held"),
  ageMs: z.int().min(0).describe("Age when the answer was written"),
  dataType: DataType,
  flags: z
    .array(z.enum(["zero", "negative", "beforeTypeChange", "stale"]))
    .max(4)
    .describe(
      "beforeTypeChange: came before the broker began to send data of another type. stale: the stream that said it is interrupted, so it may have changed since",
    ),
});
export type KnownValue = z.infer<typeof KnownValue>;

/** A value or its absence with the reason. There is no third, and no number stands for "none". */
export const MarketValue = z.discriminatedUnion("state", [
  KnownValue,
  z.strictObject({
    state: z.literal("absent"),
    reason: z.enum(Object.keys(ABSENCES) as [Absence, ...Absence[]]),
  }),
]);
export type MarketValue = z.infer<typeof MarketValue>;

/** The number itself; null when there is none. */
export function numberOf(value: MarketValue): string | null {
  return value.state === "known" ? value.value : null;
}

/** The worst of several data types: an answer is no better than its worst part. Of none: undefined. */
export function worstType(types: readonly [DataType, ...DataType[]]): DataType;
export function worstType(types: readonly DataType[]): DataType | undefined;
export function worstType(types: readonly DataType[]): DataType | undefined {
  return DATA_TYPES[Math.max(...types.map((type) => DATA_TYPES.indexOf(type)))];
}
