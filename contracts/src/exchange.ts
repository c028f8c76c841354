import * as z from "zod";
import { CurrencyCode, DateText } from "./primitives.ts";

const Time = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/);

/** Local hours of one session, `09:00-17:30`; with a minus in front it opens on the evening before. */
export const SessionHours = z.string().regex(/^-?([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/);

const Code = z.string().regex(/^[A-Z][A-Z0-9.]{0,14}$/);
const Mic = z.string().regex(/^[A-Z][A-Z0-9]{3}$/);
const Zone = z.string().regex(/^[A-Z][A-Za-z]+\/[A-Za-z_]+$/);
const CalendarName = z.string().regex(/^[A-Z][A-Z-]{1,29}$/);
const At = z.strictObject({ date: DateText, time: Time });

/** What is not usual in a year, on weekdays of the exchange. */
export const ExchangeYear = z.strictObject({
  year: z.int().min(2000).max(2100),
  closed: z.array(DateText).max(60),
  early: z.array(At).max(40).describe("The last session ends at this time").exactOptional(),
  late: z.array(At).max(40).describe("The first session begins at this time").exactOptional(),
});
export type ExchangeYear = z.infer<typeof ExchangeYear>;

const Row = z.strictObject({
  codes: z.array(Code).min(1).max(4).describe("At IB; the first one is its own, the others name parts of it"),
  name: z.string().min(1).max(60),
  aliases: z.array(Code).max(6).exactOptional(),
  mic: z.strictObject({ operating: Mic.nullable(), segments: z.array(Mic).max(6) }).describe("ISO 10383"),
  country: z.string().regex(/^[A-Z]{2}$/),
  currency: CurrencyCode,
  zone: Zone,
  hours: z.array(SessionHours).min(1).max(3).describe("Regular hours of a usual day"),
  fridays: z.array(SessionHours).min(1).max(3).exactOptional(),
  whileSummer: z
    .strictObject({ zone: Zone, hours: z.array(SessionHours).min(1).max(3) })
    .describe("Its hours while another zone has summer time")
    .exactOptional(),
  weekend: z.array(z.int().min(0).max(6)).max(6).describe("Days of the week without a session, 0 is Sunday"),
  note: z.string().max(200).exactOptional(),
});

const Cycle = z.strictObject({
  from: DateText.nullable().describe("The first trade date it holds for; null: from ever on"),
  days: z.int().min(0).max(3).describe("Business days from trade to settlement"),
});

/** One exchange as the table has it. It is for display and for settlement dates: no order is admitted on it. */
export const Exchange = z.strictObject({
  ...Row.shape,
  years: z.array(ExchangeYear).max(10).describe("The years whose holidays are known; of any other year nothing is"),
  settlement: z.strictObject({
    cycles: z.array(Cycle).max(5),
    yearsKnown: z.array(z.int()).max(10).describe("The years in which its settlement days are known"),
  }),
  source: z.literal("fallback-table"),
  checkedOn: DateText,
});
export type Exchange = z.infer<typeof Exchange>;

/** config/exchanges.yaml: all exchanges, and the calendars that their rows name. */
export const ExchangeTable = z.strictObject({
  checkedOn: DateText,
  exchanges: z
    .array(
      Row.extend({
        holidays: CalendarName.nullable(),
        settlement: z.strictObject({ calendar: CalendarName.nullable(), cycles: z.array(Cycle).max(5) }),
      }),
    )
    .min(1),
  calendars: z.array(z.strictObject({ name: CalendarName, years: z.array(ExchangeYear).min(1) })),
  foreignExchange: z.strictObject({
    oneDayPairs: z.array(z.string().regex(/^[A-Z]{3}\.[A-Z]{3}$/)),
    calendars: z.record(CurrencyCode, CalendarName),
  }),
});
export type ExchangeTable = z.infer<typeof ExchangeTable>;
