import * as z from "zod";
import { DecimalText } from "./primitives.ts";

/** A value at which the order would pass, found by the same rules; or why there is none. */
export const Alternative = z.union([
  z.strictObject({
    value: DecimalText,
    subjectToWhatIf: z
      .boolean()
      .describe("true: rules that read the broker's what-if were left out, because it is not known for this order"),
  }),
  z.strictObject({ none: z.string().max(300).describe("Why there is none") }),
]);
export type Alternative = z.infer<typeof Alternative>;

/** What would have passed, of an order that was denied: one thing changed, everything else as it was asked for. */
export const Alternatives = z.strictObject({
  quantity: Alternative.describe("The largest quantity below the one that was asked for; one step more is denied"),
  limitPrice: Alternative.describe("The nearest limit price; one tick nearer to the one that was asked for is denied"),
});
export type Alternatives = z.infer<typeof Alternatives>;
