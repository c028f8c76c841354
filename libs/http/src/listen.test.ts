import { createSystemClock } from "@countersign/clock/clock";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { listen } from "./listen.ts";

test("closed while an answer is on its way: the answer arrives whole, and nobody is let in any more", async () => {
  const app = new Hono();
  let reached: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    reached = resolve;
  });
  app.get("/", async (context) => {
    reached();
    await createSystemClock().sleep(150);
    return context.text("the order was sent");
  });
  const listener = await listen(app, "127.0.0.1", 0);
  const address = `http://127.0.0.1:${listener.port}/`;
  const answer = fetch(address).then((response) => response.text());
  await asked;
  await listener.close();
  expect(await answer.catch(String)).toBe("the order was sent");
  await expect(fetch(address)).rejects.toThrow();
});

test("nothing on its way: closed without the grace, also with a connection that is kept alive", async () => {
  const app = new Hono();
  app.get("/", (context) => context.text("x"));
  const listener = await listen(app, "127.0.0.1", 0);
  await (await fetch(`http://127.0.0.1:${listener.port}/`)).text();
  const clock = createSystemClock();
  const before = clock.monotonicMs();
  await listener.close();
  expect(clock.monotonicMs() - before).toBeLessThan(2_500);
});
