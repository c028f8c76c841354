import * as z from "zod";
import { replyOf } from "../denial.ts";

const Count = z.int().min(0);

/** stats: what the caches and the queue to the broker have done since the start, and what is taken now. */
export const MarketStatsRequest = z.strictObject({});
export const MarketStatsReply = replyOf(
  z.strictObject({
    caches: z.record(
      z.string().max(40),
      z.strictObject({
        hits: Count.describe("Answered from memory"),
        misses: Count.describe("Loads"),
        joined: Count.describe("Joined a load that was under way"),
        saved: Count.describe("Requests that the broker was spared: hits and joined"),
        entries: Count,
        loading: Count.describe("Loads under way now"),
        ageMs: Count.describe("Mean age of what was answered from memory"),
      }),
    ),
    pacing: z.strictObject({
      started: Count.describe("Requests that were made"),
      waited: Count.describe("Of these, those that stood in the queue"),
      refusedForWait: Count,
      refusedForQueue: Count,
      timedOut: Count.describe("Given up without an answer"),
      violations: Count.describe("TWS said that it was asked too fast: a bug"),
      queued: Count.describe("In the queue now"),
      agentsRefused: Count.describe("Requests beyond the agents' own limit"),
      used: z.record(z.string().max(40), Count).describe("What is taken of each limit now"),
    }),
  }),
);
