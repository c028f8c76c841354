import { spawn } from "node:child_process";
import { join } from "node:path";
import { EXIT, type ExitCode } from "./exit-codes.ts";

const MAIN = join(import.meta.dirname, "../../tws-simulator/src/main.ts");
/** What the simulator exits with when its command line does not hold. */
const CONFIG = 78;

interface Ready {
  readonly port: number;
  readonly controlPort: number;
  readonly flexPort?: number;
}

/**
 * Runs the simulator until it is told to stop, with the options as they are. It is a process group of its own, so that
 * an interrupt of the terminal reaches it once, through this process; when this one dies, it stops.
 */
export async function twsSimulator(argv: readonly string[]): Promise<ExitCode> {
  const quiet = argv.includes("--json") || argv.includes("--help");
  const child = spawn(process.execPath, [MAIN, "start", ...argv], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: true,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      NODE_COMPILE_CACHE: join(import.meta.dirname, "../../../.cache/node-compile"),
      COUNTERSIGN_LOG_LEVEL: process.env.COUNTERSIGN_LOG_LEVEL ?? "warn",
    },
  });
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (!stopping) child.kill("SIGTERM");
      stopping = true;
    });
  }
  child.on("message", (ready: Ready) => {
    if (!quiet) process.stdout.write(readyText(ready));
  });
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  if (code === 0) return EXIT.ok;
  return code === CONFIG ? EXIT.usage : EXIT.unavailable;
}

function readyText({ port, controlPort, flexPort }: Ready): string {
  const flex = flexPort === undefined ? "" : `, Flex on http://127.0.0.1:${flexPort}`;
  return `TWS simulator: API on 127.0.0.1:${port}, control on http://127.0.0.1:${controlPort}${flex} - stop with Ctrl-C\n`;
}
