import * as z from "zod";
import { CurrencyCode, DecimalText } from "./primitives.ts";

/** An amount of money never travels without its currency. */
export const Amount = z.strictObject({ amount: DecimalText, currency: CurrencyCode });
export type Amount = z.infer<typeof Amount>;
