import { ManualClock } from "@countersign/clock/manual-clock";
import fc from "fast-check";
import { XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { BrokerState } from "../broker/broker-state.ts";
import { createVolatileStore } from "../broker/state-store.ts";
import { Valuer } from "../broker/valuation.ts";
import { buildBook } from "../market/book.ts";
import { Calendar } from "../market/calendar.ts";
import { Market } from "../market/market.ts";
import { createRng } from "../market/rng.ts";
import { FlexService } from "./flex-service.ts";

const TOKEN = "123456";
const PATH = "/AccountManagement/FlexWebService/";
const clock = new ManualClock(Date.UTC(2027, 0, 4, 15));
const book = buildBook();
const calendar = new Calendar("real");
const market = new Market({ clock, rng: createRng(7), book, calendar });
const state = new BrokerState({ store: createVolatileStore(), accounts: ["DU1234567"], cashUsd: "100000", seed: 7 });
const source = { state, valuer: new Valuer(market, book), settlementCalendar: calendar };

test("whatever is asked, with the right token or not, the answer is a document that reads", async () => {
  const service = new FlexService({ clock, token: TOKEN, source });
  const value = fc.oneof(
    fc.constantFrom(TOKEN, "3", "100001", "1000000001", "20270101"),
    fc.string({ unit: "binary" }),
  );
  const asked = fc.record({
    step: fc.constantFrom("SendRequest", "GetStatement"),
    parameters: fc.dictionary(fc.constantFrom("t", "q", "v", "fd", "td"), value),
    userAgent: fc.string(),
  });
  for (const { step, parameters, userAgent } of fc.sample(asked, { numRuns: 300, seed: 7 })) {
    await clock.advance(7_000);
    const query = new URLSearchParams({ t: TOKEN, v: "3", q: "100001", ...parameters });
    const text = service.answer({ path: PATH + step, parameters: query, userAgent, base: "http://127.0.0.1:1" });
    expect(XMLValidator.validate(text ?? ""), JSON.stringify(parameters)).toBe(true);
  }
});
