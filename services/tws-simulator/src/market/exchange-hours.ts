import type { DayHours, EarlyClose, ExchangeHours } from "./calendar.ts";
import type { HolidayRule } from "./holidays.ts";

const WEEKEND = [0, 6];
/** Friday and Saturday, as in Riyadh and Cairo. */
const GULF_WEEKEND = [5, 6];

function at(hour: number, minute = 0): number {
  return hour * 60 + minute;
}

/** Sessions from texts such as `0930-1200`; one that opens on the evening before has a minus in front of its hour. */
function day(...texts: readonly string[]): DayHours[] {
  return texts.map((text) => {
    const [, evening, from = "", to = ""] = /^(-?)(\d{4})-(\d{4})$/.exec(text) ?? [];
    const openMinute = at(Number(from.slice(0, 2)), Number(from.slice(2)));
    const closeMinute = at(Number(to.slice(0, 2)), Number(to.slice(2)));
    return { openMinute: evening === "-" ? openMinute - at(24) : openMinute, closeMinute };
  });
}

function early(closeMinute: number, ...rules: readonly HolidayRule[]): EarlyClose[] {
  return rules.map((on) => ({ on, closeMinute }));
}

/** An exchange with the same sessions for all orders; holidays are rules in one text. */
function exchange(
  timeZoneId: string,
  sessions: readonly DayHours[],
  holidays: string,
  more: Partial<ExchangeHours> = {},
) {
  const rules = holidays.split(" ").filter((rule) => rule !== "");
  const plain = { timeZoneId, trading: sessions, liquid: sessions, closedWeekdays: WEEKEND, holidays: rules };
  return { ...plain, earlyCloses: [], ...more } satisfies ExchangeHours;
}

const US_HOLIDAYS = "0101^ MON3.01 MON3.02 E-2 MON-1.05 0619~ 0704~ MON1.09 THU4.11 1225~";
const US_EARLY = early(at(13), "THU4.11+1", "1224", "0703");
const US_STOCK = exchange("US/Eastern", day("0930-1600"), US_HOLIDAYS, {
  trading: day("0400-2000"),
  earlyCloses: US_EARLY,
});
const GERMAN = "0101 E-2 E+1 0501 1224 1225 1226 1231";
const EURONEXT = "0101 E-2 E+1 0501 1225 1226";
const EURONEXT_EARLY = early(at(14, 5), "1224", "1231");
const LONDON = exchange("GB-Eire", day("0800-1630"), "0101> E-2 E+1 MON1.05 MON-1.05 MON-1.08 1225> 1226>", {
  earlyCloses: early(at(12, 30), "1224", "1231"),
});
const HONG_KONG =
  "0101^ Lx3^ E-2 E+1 20260407 20270405 20280404 0501^ c0408^ c0505^ 0701^ c0816 1001^ c0909^ 1225^ 1226^";
/** By Stock Connect, which is closed when either side is. */
const CHINESE = `0101 20260102 L-1x8 20260406 20270405 20280404 0501x5 c0505 c0815 1001x7 ${HONG_KONG}`;
const NOON_EVES = early(at(12), "L-1", "1224", "1231");

/** The exchanges of Europe and Africa. */
const WEST = {
  xetra: exchange("MET", day("0900-1730"), GERMAN, { earlyCloses: early(at(14), "1230") }),
  offFloor: exchange("MET", day("0800-2200"), GERMAN, { earlyCloses: early(at(14), "1230") }),
  eurex: exchange("MET", day("0900-1730"), GERMAN, { trading: day("0110-2200") }),
  amsterdam: exchange("MET", day("0900-1730"), EURONEXT, { earlyCloses: EURONEXT_EARLY }),
  paris: exchange("MET", day("0900-1730"), EURONEXT, { earlyCloses: EURONEXT_EARLY }),
  brussels: exchange("MET", day("0900-1730"), EURONEXT, { earlyCloses: EURONEXT_EARLY }),
  milan: exchange("MET", day("0900-1730"), "0101 E-2 E+1 0501 1224 1225 1226 1231"),
  madrid: exchange("MET", day("0900-1730"), "0101 E-2 E+1 0501 1225 1226", {
    earlyCloses: early(at(14), "1224", "1231"),
  }),
  vienna: exchange("MET", day("0900-1730"), "0101 E-2 E+1 0501 1026 1224 1225 1226 1231", {
    earlyCloses: early(at(14, 15), "1230"),
  }),
  zurich: exchange("MET", day("0900-1730"), "0101 0102 E-2 E+1 0501 E+39 E+50 0801 1224 1225 1226 1231"),
  helsinki: exchange(
    "Europe/Helsinki",
    day("1000-1830"),
    "0101 0106 E-2 E+1 0501 E+39 FRI@0619 1206 1224 1225 1226 1231",
  ),
  stockholm: exchange("MET", day("0900-1730"), "0101 0106 E-2 E+1 0501 E+39 0606 FRI@0619 1224 1225 1226 1231", {
    earlyCloses: early(at(13), "0105", "E-3", "0430", "E+38", "FRI@1030"),
  }),
  copenhagen: exchange("MET", day("0900-1700"), "0101 E-3 E-2 E+1 E+39 E+40 E+50 0605 1224 1225 1226 1231"),
  oslo: exchange("MET", day("0900-1620"), "0101 E-3 E-2 E+1 0501 0517 E+39 E+50 1224 1225 1226 1231", {
    earlyCloses: early(at(13), "E-4"),
  }),
  warsaw: exchange(
    "Europe/Warsaw",
    day("0900-1700"),
    "0101 0106 E-2 E+1 0501 0503 E+60 0815 1101 1111 1224 1225 1226 1231",
  ),
  london: LONDON,
  telAviv: exchange(
    "Israel",
    day("0959-1725"),
    "h0714 h0814 h0815 h0820 h0821 h0904x2 h1005 h1006 h1209 h1329 h0101x2 h0109x2 h0114x2 h0121x2",
    {
      fridays: day("0959-1350"),
    },
  ),
  riyadh: exchange("Asia/Riyadh", day("1000-1500"), "0222 u1001x4 u1209x5 0923", { closedWeekdays: GULF_WEEKEND }),
  cairo: exchange(
    "Africa/Cairo",
    day("1000-1430"),
    "0107 0125 O+1 0425 0501 0630 0723 1006 u1001x3 u1209x4 u0101 u0312",
    {
      closedWeekdays: GULF_WEEKEND,
    },
  ),
  johannesburg: exchange(
    "Africa/Johannesburg",
    day("0900-1700"),
    "0101^ 0321^ E-2 E+1 0427^ 0501^ 0616^ 0809^ 0924^ 1216^ 1225^ 1226^",
    {
      earlyCloses: early(at(12), "1224", "1231"),
    },
  ),
} as const;

/** The exchanges of Asia and Oceania. The feasts of India and Thailand follow no rule here: dates are known for 2026. */
const EAST = {
  tokyo: exchange(
    "Japan",
    day("0900-1130", "1230-1530"),
    "0101x3 MON2.01 0211^ 0223^ 20260320 20270322 20280320 0429^ 0503^ 0504^ 0505^ MON3.07 0811^ MON3.09 20260922 " +
      "20260923 20270923 20280922 MON2.10 1103^ 1123^ 1231",
  ),
  hongKong: exchange("Hongkong", day("0930-1200", "1300-1600"), HONG_KONG, { earlyCloses: NOON_EVES }),
  shanghai: exchange("Asia/Shanghai", day("0930-1130", "1300-1500"), CHINESE),
  shenzhen: exchange("Asia/Shanghai", day("0930-1130", "1300-1500"), CHINESE),
  seoul: exchange(
    "Asia/Seoul",
    day("0900-1530"),
    "0101 L-1x3^ 0301> 0501 0505> c0408> 20260603 0606 0717> 0815> c0814x3^ 1003> 1009> 1225> 1231",
  ),
  sydney: exchange("Australia/NSW", day("1000-1600"), "0101> 0126> E-2 E+1 0425 MON2.06 1225> 1226>", {
    earlyCloses: early(at(14, 10), "1224", "1231"),
  }),
  taipei: exchange(
    "Asia/Taipei",
    day("0900-1330"),
    "0101 20260212x2 L-2x6 0228~ 0404~ 0405~ 0501 c0505 c0815 0928~ 1010~ 1025~ 1225",
  ),
  mumbai: exchange(
    "Asia/Calcutta",
    day("0915-1530"),
    "20260115 0126 20260303 20260326 20260331 E-2 0414 0501 20260528 20260626 20260914 1002 20261020 20261110 20261124 1225",
  ),
  singapore: exchange(
    "Singapore",
    day("0900-1200", "1300-1700"),
    "0101^ Lx2^ u1001+1^ E-2 0501^ u1210^ 20260601 20270520 20280509 0809^ 20261109 20271028 1225^",
    { earlyCloses: NOON_EVES },
  ),
  bangkok: exchange(
    "Asia/Bangkok",
    day("1000-1230", "1400-1630"),
    "0101 20260102 20260303 0406> 0413x3 0501 0504 20260601 0603 0728> 20260729 0812> 1013> 1023> 1205> 1210> 1231",
  ),
  jakarta: exchange(
    "Asia/Jakarta",
    day("0900-1200", "1330-1550"),
    "0101 20260116 20260216 L 20260318x2 u1001x2 20260323x2 20260515 20260528 20261224 E-2 0501 E+39 0601 u1210 u0101 0817 u0312 1225 1231",
    { fridays: day("0900-1130", "1400-1550") },
  ),
  kualaLumpur: exchange(
    "Asia/Kuala_Lumpur",
    day("0900-1230", "1430-1700"),
    "0101 0201^ Lx2^ u1001x2 0501^ 20260601 MON1.06 u1210 u0101 u0312 0831^ 0916^ 20261109 1225^",
  ),
  wellington: exchange(
    "Pacific/Auckland",
    day("1000-1645"),
    "0101> 0102> 0206> E-2 E+1 0425> MON1.06 20260710 20270625 20280714 MON4.10 1225> 1226>",
    { earlyCloses: early(at(12, 45), "1224", "1231") },
  ),
} as const;

/** The exchanges of the Americas, and the markets that follow New York. */
const AMERICA = {
  usStock: US_STOCK,
  usOption: { ...US_STOCK, trading: US_STOCK.liquid },
  usIndex: { ...US_STOCK, trading: US_STOCK.liquid },
  usBond: exchange("US/Eastern", day("0800-1700"), `${US_HOLIDAYS} MON2.10 1111`),
  usFund: { ...US_STOCK, trading: US_STOCK.liquid },
  toronto: exchange(
    "US/Eastern",
    day("0930-1600"),
    "0101> MON3.02 E-2 MON@0518 0701> MON1.08 MON1.09 MON2.10 1225> 1226>",
    {
      earlyCloses: early(at(13), "1224"),
    },
  ),
  saoPaulo: exchange(
    "America/Sao_Paulo",
    day("1000-1800"),
    "0101 E-48x2 E-2 0421 0501 E+60 0907 1012 1102 1115 1120 1224 1225 1231",
    {
      summer: { zone: "US/Eastern", sessions: day("1000-1700") },
      lateOpens: [{ on: "E-46", openMinute: at(13) }],
    },
  ),
  mexico: exchange(
    "America/Mexico_City",
    day("0830-1500"),
    "0101 MON1.02 MON3.03 E-3 E-2 0501 0916 1102 MON3.11 1212 1225",
    {
      summer: { zone: "US/Eastern", sessions: day("0730-1400") },
    },
  ),
  forex: exchange("US/Eastern", day("-1715-1700"), ""),
  cme: exchange("US/Central", day("0830-1600"), "0101 E-2 1225", { trading: day("-1700-1600") }),
  crypto: exchange("US/Eastern", day("0000-2400"), "", { closedWeekdays: [] }),
} as const;

/** Hours by a key that each instrument of the book names. */
export const EXCHANGE_HOURS = { ...AMERICA, ...WEST, ...EAST } as const satisfies Record<string, ExchangeHours>;

export type HoursKey = keyof typeof EXCHANGE_HOURS;
