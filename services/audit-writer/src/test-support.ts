import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import type { User } from "@countersign/contracts/accounts";
import type { AuditEntry } from "@countersign/contracts/audit";
import { createLogger } from "@countersign/log/logger";
import type { TestNats } from "@countersign/testing/nats";
import { AuditLog } from "./audit-log.ts";
import { type AuditStream, auditStream } from "./audit-stream.ts";
import type { AuditWriterConfig } from "./config.ts";
import { logEvents } from "./log-events.ts";

export const CONFIG: AuditWriterConfig = {
  pendingMax: 1024,
  recordBytesMax: 60_000,
  readsInFlight: 64,
  listScanMax: 5_000,
  listBytesMax: 150_000,
  retention: { days: 2_555, exportBeforePurge: true },
  checkpoints: { everyMs: 600_000, copyFolder: null },
  openWaitMs: 5_000,
};

const clock = createSystemClock();
const logger = createLogger({ service: "test", level: "silent" });

export function connect(nats: TestNats, service: string, user: User): Promise<Bus> {
  return connectBus({ url: nats.url, keysDir: nats.keysDir, users: [user], service, clock, log: logger });
}

export interface OpenedAudit {
  readonly audit: AuditLog;
  readonly bus: Bus;
  readonly fatal: string[];
  close(): Promise<void>;
}

/** The audit of one writer process, inside this one. `wrap` stands between it and the stream. */
export async function openAudit(
  nats: TestNats,
  dataDir: string,
  options: { config?: Partial<AuditWriterConfig>; wrap?: (stream: AuditStream) => AuditStream } = {},
): Promise<OpenedAudit> {
  const bus = await connect(nats, "audit-writer", "audit-writer");
  const fatal: string[] = [];
  const stream = (options.wrap ?? ((same: AuditStream) => same))(auditStream(bus));
  const config = { ...CONFIG, ...options.config };
  const onFatal = (reason: string) => void fatal.push(reason);
  const audit = new AuditLog({ stream, dataDir, config, clock, log: logEvents(logger), onFatal });
  await audit.open();
  const close = async () => {
    audit.close();
    await bus.drain();
  };
  return { audit, bus, fatal, close };
}

export function entry(name: string, fields: Partial<AuditEntry> = {}): AuditEntry {
  const actor = { kind: "service" as const, id: "risk-gate" };
  return { kind: "tool.called", at: utcText(clock.nowMs()), correlationId: name, actor, body: { name }, ...fields };
}
