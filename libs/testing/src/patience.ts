/** How long a test waits for what must come, in ms. It only ends a test that hangs: a slow machine must not reach it. */
export const PATIENCE_MS = 60_000;
