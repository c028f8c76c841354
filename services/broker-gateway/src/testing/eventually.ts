import { PATIENCE_MS } from "@countersign/testing/patience";

const LOOKS_EVERY_MS = 10;

/** Looks until there is something; an error when it does not come. */
export async function eventually<T>(
  read: () => Promise<T | undefined> | T | undefined,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (performance.now() > untilMs) throw new Error("it did not happen in time");
    await new Promise((done) => setTimeout(done, LOOKS_EVERY_MS));
  }
}
