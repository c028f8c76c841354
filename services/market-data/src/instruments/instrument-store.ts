import type { Bus } from "@countersign/bus/bus";
import type { StoredInstrument } from "@countersign/contracts/messages/md-instruments.v1";
import { FACTS } from "@countersign/contracts/subjects";

/** Instruments as the broker described them, kept where a restart does not lose them. */
export interface InstrumentStore {
  /** Whatever its age; undefined: not known, or the store cannot be read now, which is the same for a cache. */
  read(conid: number): Promise<StoredInstrument | undefined>;
  /** Not waited for: nothing depends on it. */
  write(known: StoredInstrument): void;
}

export function instrumentStore(bus: Bus): InstrumentStore {
  const params = (conid: number) => ({ conid: String(conid) });
  const failed = (what: string, conid: number) => (error: unknown) => {
    bus.log.warn({ conid, error: String(error) }, `instrument not ${what}`);
    return undefined;
  };
  return {
    async read(conid) {
      const stored = await bus.readLast(FACTS.instrument, params(conid)).catch(failed("read from its stream", conid));
      return stored?.body;
    },
    write(known) {
      const { conid } = known.instrument;
      void bus.append(FACTS.instrument, params(conid), known, {}).catch(failed("stored", conid));
    },
  };
}
