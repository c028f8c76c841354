import { createSystemClock } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { runService } from "@countersign/service/run";
import { SERVER_VERSION_MAX, SERVER_VERSION_MIN } from "./codec/version-gates.ts";
import { readBarFile } from "./market/bar-file.ts";
import { buildBook } from "./market/book.ts";
import { helpText, readCommandLine } from "./options.ts";
import { startSimulator } from "./simulator.ts";

if (process.argv.includes("--help")) {
  process.stdout.write(helpText());
  process.exit(0);
}

await runService({
  name: "tws-simulator",
  async start({ argv }) {
    const options = readCommandLine(argv);
    const manual = options.clock === "manual" ? new ManualClock(options.startMs) : undefined;
    const simulator = await startSimulator({
      ...options,
      clock: manual ?? createSystemClock(),
      advance: manual === undefined ? undefined : (ms) => manual.advance(ms),
    });
    const { port, controlPort, flexPort } = simulator;
    return {
      ready: { port, controlPort, ...(flexPort === undefined ? {} : { flexPort }) },
      stop: async () => simulator.stop(),
    };
  },
  async validate({ argv }) {
    const options = readCommandLine(argv);
    if (options.bars !== undefined) readBarFile(options.bars, buildBook());
    return options;
  },
  describe() {
    const instruments = [...buildBook().values()].map(({ conId, localSymbol, secType, exchange, currency }) => {
      return { conId, localSymbol, secType, exchange, currency };
    });
    return { name: "tws-simulator", serverVersions: { min: SERVER_VERSION_MIN, max: SERVER_VERSION_MAX }, instruments };
  },
});
