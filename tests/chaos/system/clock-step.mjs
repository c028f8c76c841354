// Loaded before a service (node --import): its wall clock is off by as many ms as the file says, from SIGWINCH on (SIGUSR2
// is a stop to the gateway). The monotonic clock is not touched, as when the time of a machine is set.
import { readFileSync } from "node:fs";

const real = Date.now.bind(Date);
let offsetMs = 0;
process.on("SIGWINCH", () => {
  offsetMs = Number(readFileSync(process.env.CHAOS_CLOCK_FILE ?? "", "utf8"));
});
globalThis.Date = class extends Date {
  constructor(...given) {
    if (given.length === 0) super(real() + offsetMs);
    else super(...given);
  }

  static now() {
    return real() + offsetMs;
  }
};
