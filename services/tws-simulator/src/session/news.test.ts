import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { TestSimulator } from "../testing/test-simulator.ts";

const APPLE = 265598;
const ALL = "BRFG+BRFUPDN+DJ-N";
const clock = new ManualClock(Date.UTC(2027, 0, 4, 15, 0, 0));
let simulator: TestSimulator;
let client: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start({ clock, advance: (ms) => clock.advance(ms) });
  client = await simulator.library();
});
afterAll(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

async function headlines(reqId: number, providers: string, span: readonly [string, string], count: number) {
  client.api.reqHistoricalNews(reqId, APPLE, providers, span[0], span[1], count);
  const [end] = await client.waitFor(EventName.historicalNewsEnd, ([id]) => id === reqId);
  const found = client.of(EventName.historicalNews).filter(({ args }) => args[0] === reqId);
  return { found: found.map(({ args }) => args.slice(1) as string[]), hasMore: end?.args[1] };
}

test("the providers of news", async () => {
  covers("request/reqNewsProviders", "reply/newsProviders");
  client.api.reqNewsProviders();
  const [event] = await client.waitFor(EventName.newsProviders);
  const codes = ALL.split("+").map((providerCode) => expect.objectContaining({ providerCode }));
  expect(event?.args[0]).toEqual(codes);
});

test("headlines newest first, none after now, the rest by an earlier end, and an end that says whether more exist", async () => {
  covers("request/reqHistoricalNews", "reply/historicalNews", "reply/historicalNewsEnd");
  const first = await headlines(1, ALL, ["", ""], 5);
  expect(first.found).toHaveLength(5);
  expect(first.hasMore).toBe(true);
  const times = first.found.map(([time]) => time ?? "");
  expect(times).toEqual([...times].sort().reverse());
  expect(times[0]?.localeCompare("2027-01-04 15:00:00.0")).toBe(-1);
  const rest = await headlines(2, ALL, [times[4] ?? "", times[1] ?? ""], 5);
  expect(rest.found.map(([time]) => time)).toEqual(times.slice(1, 4));
  expect(rest.hasMore).toBe(false);
  const one = await headlines(3, "DJ-N", ["", ""], 3);
  expect(one.found.map(([, provider]) => provider)).toEqual(["DJ-N", "DJ-N", "DJ-N"]);
});

test("an article by the id of its headline; another id -> 10172; a provider that is none -> 10276; no contract -> 200", async () => {
  covers("request/reqNewsArticle", "reply/newsArticle");
  const { found } = await headlines(4, ALL, ["", ""], 1);
  const [, provider = "", articleId = "", headline = ""] = found[0] ?? [];
  client.api.reqNewsArticle(5, provider, articleId);
  const [article] = await client.waitFor(EventName.newsArticle);
  expect(article?.args.slice(0, 2)).toEqual([5, 0]);
  expect(article?.args[2]).toContain(headline);
  client.api.reqNewsArticle(6, provider, "BRFG$1.2");
  client.api.reqHistoricalNews(7, APPLE, "XYZ", "", "", 5);
  client.api.reqHistoricalNews(8, 99, ALL, "", "", 5);
  for (const [code, reqId] of [
    [10172, 6],
    [10276, 7],
    [200, 8],
  ]) {
    await client.waitFor(EventName.error, (args) => args[1] === code && args[2] === reqId);
  }
});
