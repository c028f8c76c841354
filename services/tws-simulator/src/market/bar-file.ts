import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { ConfigError } from "@countersign/config/config-error";
import { BarSeries, type FileBar } from "./bar-series.ts";
import type { Instrument } from "./instrument.ts";

export const BAR_FILE_HEADER = "conid,time,open,high,low,close,volume";
const FILE_BYTES_MAX = 128 * 1024 * 1024;
const PRICE = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,8})?$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const VOLUME = /^\d{1,15}$/;

/**
 * Reads the bars of a file by conId. The first line is the header; then one bar a line, the bars of one instrument in
 * ascending time. Throws ConfigError with the line that does not hold.
 */
export function readBarFile(path: string, book: ReadonlyMap<number, Instrument>): ReadonlyMap<number, BarSeries> {
  try {
    return parseBars(readBounded(path), book);
  } catch (error) {
    throw new ConfigError(`--bars: ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readBounded(path: string): string {
  const descriptor = openSync(path, "r");
  try {
    if (fstatSync(descriptor).size > FILE_BYTES_MAX) throw new Error("is longer than 128 MiB");
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}

/** Throws an Error that names the line. */
export function parseBars(text: string, book: ReadonlyMap<number, Instrument>): ReadonlyMap<number, BarSeries> {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== BAR_FILE_HEADER) throw new Error(`line 1: is not ${BAR_FILE_HEADER}`);
  if (lines.at(-1) === "") lines.pop();
  const bars = new Map<number, FileBar[]>();
  for (const [index, line] of lines.entries()) {
    if (index > 0) addBar(bars, line, { number: index + 1, book });
  }
  if (bars.size === 0) throw new Error("has no bars");
  return new Map([...bars].map(([conId, series]) => [conId, new BarSeries(series)]));
}

function addBar(
  bars: Map<number, FileBar[]>,
  line: string,
  where: { readonly number: number; readonly book: ReadonlyMap<number, Instrument> },
): void {
  const fail = (why: string): never => {
    throw new Error(`line ${where.number}: ${why}`);
  };
  const fields = line.split(",");
  if (fields.length !== 7) fail(`has ${fields.length} fields, not 7`);
  const [conid = "", time = "", open = "", high = "", low = "", close = "", volume = ""] = fields;
  if (!where.book.has(Number(conid))) fail(`the book has no instrument ${conid.slice(0, 40)}`);
  const startMs = Date.parse(time);
  if (!TIME.test(time) || Number.isNaN(startMs)) fail(`${time.slice(0, 40)} is no time such as 2026-11-20T14:30:00Z`);
  for (const price of [open, high, low, close]) {
    if (!PRICE.test(price) || Number(price) === 0) fail(`${price.slice(0, 40)} is no price above zero`);
  }
  if (!VOLUME.test(volume)) fail(`${volume.slice(0, 40)} is no volume`);
  const bar = { startMs, open: Number(open), high: Number(high), low: Number(low), close: Number(close) };
  if (bar.low > Math.min(bar.open, bar.close) || bar.high < Math.max(bar.open, bar.close)) {
    fail("open and close do not lie between low and high");
  }
  const series = bars.get(Number(conid)) ?? [];
  if (startMs <= (series.at(-1)?.startMs ?? Number.NEGATIVE_INFINITY)) fail("is not after the bar before it");
  series.push({ ...bar, volume: Number(volume) });
  bars.set(Number(conid), series);
}
