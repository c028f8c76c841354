import type { BarSize, WhatToShow } from "@countersign/contracts/bars";
import type { Cost } from "../pacing/cost.ts";
import { isShort } from "./bar-sizes.ts";

const TWICE = "BID_ASK";

interface BarsAsked {
  readonly conid: number;
  readonly barSize: BarSize;
  readonly duration: string;
  readonly end: string | null;
  readonly whatToShow: WhatToShow;
  readonly regularHoursOnly: boolean;
}

/** IBKR counts bars of 30 seconds and less; longer ones only count among the messages. */
export function barsCost(asked: BarsAsked): Cost {
  const { conid, barSize, duration, end, whatToShow, regularHoursOnly } = asked;
  const cost = { kind: "bars", conid, weight: whatToShow === TWICE ? 2 : 1 } as const;
  if (!isShort(barSize)) return { ...cost, hard: false };
  const identity = ["bars", conid, barSize, duration, end ?? "now", whatToShow, regularHoursOnly].join(" ");
  return { ...cost, hard: true, identity, burstKey: `${conid} ${whatToShow}` };
}

/** Past ticks have the rules of short bars. */
export function ticksCost(asked: { conid: number; kind: string; from: string | null; until: string | null }): Cost {
  const { conid, kind, from, until } = asked;
  const identity = ["ticks", conid, kind, from, until].join(" ");
  return { kind: "ticks", conid, identity, burstKey: `${conid} ${kind}`, weight: kind === TWICE ? 2 : 1, hard: true };
}

/** Live bars share the 60 in ten minutes. They come one by one and for long, as ticks do. */
export function liveBarsCost(conid: number): Cost {
  return { kind: "ticks", conid, weight: 1, hard: true };
}

/** Head timestamps and schedules. */
export function otherCost(conid: number): Cost {
  return { kind: "other", conid, weight: 1, hard: false };
}
