import { ManualClock } from "@countersign/clock/manual-clock";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { listen } from "./listen.ts";

const GRACE_MS = 3_000;

/** A door whose one answer waits for `release`; its time stands still. */
async function door() {
  const clock = new ManualClock(0);
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const app = new Hono();
  app.get("/slow", async (context) => {
    reached.resolve();
    await released.promise;
    return context.text("the order was sent");
  });
  app.get("/", (context) => context.text("x"));
  const listener = await listen(app, { hostname: "127.0.0.1", port: 0 }, clock);
  const ask = (path: string) => fetch(`http://127.0.0.1:${listener.port}${path}`).then((response) => response.text());
  return { clock, listener, ask, reached: reached.promise, release: () => released.resolve() };
}

test("closed while an answer is on its way: the answer arrives whole, and nobody is let in any more", async () => {
  const { clock, listener, ask, reached, release } = await door();
  const answer = ask("/slow").catch(String);
  await reached;
  const closing = listener.close();
  await clock.advance(GRACE_MS - 1);
  release();
  expect(await answer).toBe("the order was sent");
  await closing;
  await expect(ask("/")).rejects.toThrow();
});

test("an answer that does not come: cut off when the grace is over", async () => {
  const { clock, listener, ask, reached, release } = await door();
  const answer = ask("/slow").catch(() => "cut off");
  await reached;
  const closing = listener.close();
  await clock.advance(GRACE_MS);
  await closing;
  expect(await answer).toBe("cut off");
  release();
});

test("nothing on its way: closed without the grace, also with a connection that is kept alive", async () => {
  const { listener, ask } = await door();
  await ask("/");
  // Time stands still: what waited for the grace would never end.
  await listener.close();
});

test("a connection is kept for 30 s, and the client is told so: one that was busy for 5 s does not send into its end", async () => {
  const { listener } = await door();
  const answer = await fetch(`http://127.0.0.1:${listener.port}/`);
  expect([answer.headers.get("connection"), answer.headers.get("keep-alive")]).toEqual(["keep-alive", "timeout=30"]);
  await answer.text();
  await listener.close();
});
