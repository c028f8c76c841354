import * as z from "zod";

/** Where orders go. There is no default: a process that is not told its mode does not start. */
export const MODES = ["simulator", "paper", "live"] as const;
export const Mode = z
  .enum(MODES)
  .describe("simulator: our own TWS simulator; paper: IBKR paper account; live: real money");
export type Mode = z.infer<typeof Mode>;
