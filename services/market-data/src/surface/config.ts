import * as z from "zod";

const Ms = z.int().min(0).max(86_400_000);

/** How long an answer may be handed out again; a caller may ask for a younger one. */
export const SurfaceConfig = z.strictObject({
  depthTtlMs: Ms.describe("An order book is old at once"),
  histogramTtlMs: Ms,
  scanTtlMs: Ms,
  catalogueTtlMs: Ms.describe("What can be scanned, and who sends news"),
  headlinesTtlMs: Ms,
  articleTtlMs: Ms.describe("A text does not change"),
  detailsTtlMs: Ms,
  entriesMax: z.int().min(10).max(10_000),
});
export type SurfaceConfig = z.infer<typeof SurfaceConfig>;
