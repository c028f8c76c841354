import { createSystemClock } from "@countersign/clock/clock";
import { ConfigError, CredentialError } from "@countersign/config/config-error";
import { type Environment, readEnvironment } from "@countersign/config/environment";
import { createLogger, type Logger } from "@countersign/log/logger";

/** What `start` gives back: what to tell about being ready, and how to stop. */
export interface Running {
  readonly ready: object;
  stop(): Promise<void>;
}

export interface StartContext {
  /** Aborted as soon as the process is asked to stop. */
  readonly signal: AbortSignal;
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly logger: Logger;
}

export interface ServiceDefinition {
  readonly name: string;
  start(context: StartContext): Promise<Running>;
  /** Reads the configuration and starts nothing. Throws ConfigError when it does not hold. */
  validate(context: Omit<StartContext, "signal">): Promise<object>;
  /** The service's contract as data, without any running system. */
  describe(): object;
}

const STOP_DEADLINE_MS = 5_000;
export const EXIT = { ok: 0, stopForced: 1, usage: 64, crashed: 70, credential: 77, config: 78 } as const;

/** Runs a service by its verb: start, validate or describe. Exit codes are those of EXIT. */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const [verb = "", ...argv] = process.argv.slice(2);
  try {
    const environment = readEnvironment(process.env);
    const logger = createLogger({ service: definition.name, level: environment.logLevel ?? "info" });
    if (verb === "describe") print(definition.describe());
    else if (verb === "validate") print(await definition.validate({ argv, environment, logger }));
    else if (verb === "start") await supervise(definition, { argv, environment, logger });
    else exit(EXIT.usage, `usage: ${definition.name} start | validate | describe`);
  } catch (error) {
    if (error instanceof CredentialError) exit(EXIT.credential, error.message);
    if (error instanceof ConfigError) exit(EXIT.config, error.message);
    // A fault was foreseen, such as a NATS that is not there: where in the code it was found says nothing.
    const isFault = error instanceof Error && error.name === "Fault";
    exit(EXIT.crashed, isFault ? error.message : error instanceof Error ? (error.stack ?? "") : String(error));
  }
}

async function supervise(definition: ServiceDefinition, context: Omit<StartContext, "signal">): Promise<void> {
  const clock = createSystemClock();
  const stopping = new AbortController();
  let running: Running | undefined;
  const stop = (why: string) => {
    if (stopping.signal.aborted) process.exit(EXIT.stopForced);
    context.logger.info({ why }, "stopping");
    stopping.abort(new Error(why));
    // The last resort: a service that cannot finish must not hold up the machine.
    clock.setTimeout(() => exit(EXIT.stopForced, `${definition.name} did not stop in time`), STOP_DEADLINE_MS);
    void (running?.stop() ?? Promise.resolve()).then(
      () => process.exit(EXIT.ok),
      (error: unknown) => exit(EXIT.crashed, String(error)),
    );
  };
  const crash = (error: unknown) => {
    context.logger.error({ error: error instanceof Error ? error.stack : String(error) }, "crashed");
    process.exit(EXIT.crashed);
  };
  process.on("SIGTERM", () => stop("SIGTERM")).on("SIGINT", () => stop("SIGINT"));
  process.on("uncaughtException", crash).on("unhandledRejection", crash);
  // Started with a channel to a supervisor: when that dies, this process must not live on alone.
  if (process.channel !== undefined) process.on("disconnect", () => stop("the supervisor is gone"));
  if (context.argv.includes("--stop-with-stdin")) process.stdin.on("end", () => stop("standard input ended")).resume();
  running = await definition.start({ ...context, signal: stopping.signal });
  const ready = { ready: true, service: definition.name, ...running.ready };
  process.send?.({ type: "ready", ...ready });
  if (context.argv.includes("--json")) print(ready);
  context.logger.info(ready, "ready");
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function exit(code: number, message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
