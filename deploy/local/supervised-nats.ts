import { setTimeout as sleep } from "node:timers/promises";
import { type EmbeddedNats, type EmbeddedNatsOptions, startEmbeddedNats } from "./embedded-nats.ts";

export interface SupervisedNats {
  readonly url: string;
  readonly monitorUrl: string;
  readonly version: string;
  /** Process id of the server as it runs now. */
  pid(): number;
  stop(): Promise<void>;
}

/** So often in a row; a server that dies again and again has a reason that another start does not mend. */
const RESTARTS_MAX = 5;
const RESTART_DELAY_MS = 250;
/** Who ran for so long begins to count anew. */
const STEADY_MS = 60_000;

/**
 * A server that is started again on its own store and its own ports when it dies by itself: what it acknowledged is on the
 * disk, and its clients find it where it was. `onGivenUp` is called when it does not stay up. The ports must not be 0.
 */
export async function superviseNats(
  options: EmbeddedNatsOptions,
  onGivenUp: (reason: string) => void,
): Promise<SupervisedNats> {
  let server = await startEmbeddedNats(options);
  let startedAt = performance.now();
  let restarts = 0;
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();

  const restart = async (ended: EmbeddedNats, how: string) => {
    restarts = performance.now() - startedAt > STEADY_MS ? 1 : restarts + 1;
    if (restarts > RESTARTS_MAX) return onGivenUp(`nats-server ended ${restarts} times (${how})`);
    options.log(`[ERR] nats-server ended by itself (${how}); starting it again`);
    await ended.stop();
    await sleep(RESTART_DELAY_MS);
    if (stopping) return;
    server = await startEmbeddedNats(options);
    startedAt = performance.now();
    watch(server);
  };
  const watch = (current: EmbeddedNats) => {
    void current.exited.then(({ code, signal }) => {
      if (stopping) return;
      restarting = restart(current, signal ?? `code ${code}`).catch((error: unknown) => onGivenUp(String(error)));
    });
  };
  watch(server);
  return {
    url: server.url,
    monitorUrl: server.monitorUrl,
    version: server.version,
    pid: () => server.pid,
    stop: async () => {
      stopping = true;
      await restarting;
      await server.stop();
    },
  };
}
