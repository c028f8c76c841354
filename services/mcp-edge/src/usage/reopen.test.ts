import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import { edgeUnderTest } from "../testing/edge-under-test.ts";
import { MemoryUsage } from "../testing/memory-usage.ts";
import { reopenSession } from "./reopen.ts";
import { Usage } from "./usage.ts";

const HOUR_MS = 3_600_000;
const request = { agent: "agent", operator: "alice", reason: "I watch the close" };

test("a person's word is on the record with name and reason; about a session that goes on it is a denial without a record", async () => {
  const clock = new ManualClock(Date.parse("2026-11-20T15:00:00.000Z"));
  const { edge, backend } = edgeUnderTest({}, { clock });
  const config = { ...edge.config.usage, sessionHoursMax: 2 };
  const usage = new Usage({ clock, config, store: new MemoryUsage() });
  const reopen = () => reopenSession({ usage, deps: edge.deps }, request);
  await usage.take("agent", "get_quote");
  expect(await reopen()).toMatchObject({ denial: { code: "SESSION_NOT_ENDED" } });
  expect(backend.records).toEqual([]);
  await clock.advance(3 * HOUR_MS);
  const value = { agent: "agent", date: "2026-11-20", endsAt: "2026-11-20T20:00:00.000Z" };
  expect(await reopen()).toEqual({ outcome: "ok", value });
  expect(backend.records).toMatchObject([
    { kind: "session.reopened", actor: { kind: "operator", id: "alice" }, body: { reason: "I watch the close" } },
  ]);
  await clock.advance(3 * HOUR_MS);
  backend.auditFails = true;
  await expect(reopen()).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
  expect(await usage.take("agent", "get_quote")).toMatchObject({ refused: "SESSION_ENDED" });
});
