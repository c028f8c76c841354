import * as z from "zod";

const Ms = z.int().min(0).max(86_400_000);

/** How long an answer may be handed out again; a caller may ask for a younger one. */
export const SurfaceConfig = z.strictObject({
  depthTtlMs: Ms.describe("An order book is old at once"),
  histogramTtlMs: Ms.describe("How often each price was traded"),
  scanTtlMs: Ms.describe("What a scan found"),
  catalogueTtlMs: Ms.describe("What can be scanned, and who sends news"),
  headlinesTtlMs: Ms.describe("Headlines of an instrument"),
  articleTtlMs: Ms.describe("A text does not change"),
  detailsTtlMs: Ms.describe("Everything about one instrument"),
  entriesMax: z.int().min(10).max(10_000).describe("Of each cache; the least recently used goes first"),
});
export type SurfaceConfig = z.infer<typeof SurfaceConfig>;
