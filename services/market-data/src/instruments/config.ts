import * as z from "zod";

const Ms = z.int().min(1).max(604_800_000);
const Ratio = z.number().min(0).max(1);

/** What is remembered of instruments, and when a name is taken for the one that is meant. */
export const InstrumentsConfig = z.strictObject({
  ttlMs: Ms.describe("How long an instrument is taken as it was described, if its trading hours reach to now"),
  hoursUnclearTtlMs: Ms.describe("The same for one whose trading hours are missing or malformed"),
  absentTtlMs: Ms.describe('How long "no such instrument" is remembered'),
  absenceConfirmMs: Ms.describe("A known instrument counts as gone when it is absent again after this time"),
  searchTtlMs: Ms.describe("How long the answer to a search is remembered"),
  chainTtlMs: Ms.describe("How long the expirations and strikes on an underlying are remembered"),
  moneyAgeMsMax: Ms.describe("Oldest price of an underlying that strikes are chosen around"),
  entriesMax: z.int().min(10).max(100_000).describe("Of each cache; the least recently used goes first"),
  seenMax: z.int().min(10).max(100_000).describe("Names that are remembered for searches"),
  nameScoreMin: Ratio.describe("Likeness from which a name is taken"),
  nameMarginMin: Ratio.describe("By so much the next name must be less alike"),
});
export type InstrumentsConfig = z.infer<typeof InstrumentsConfig>;
