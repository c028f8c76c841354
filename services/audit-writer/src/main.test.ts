import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ListAuditReply, ListAuditRequest } from "@countersign/contracts/messages/audit.v1";
import { AUDIT_APPENDS, RPCS } from "@countersign/contracts/subjects";
import { childEnvironment } from "@countersign/testing/child-environment";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import { connect, entry } from "./test-support.ts";

type ListQuery = z.input<typeof ListAuditRequest>;
type ListPage = z.output<typeof ListAuditReply>;

let nats: TestNats;
let folder: ReturnType<typeof tempDir>;
let running: ChildProcess | undefined;
beforeAll(async () => {
  nats = await startTestNats();
  folder = tempDir("countersign-audit-");
});
afterAll(async () => {
  running?.kill("SIGKILL");
  await nats.stop();
  folder.remove();
});

async function startWriter(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), "start"], {
    env: {
      ...childEnvironment(),
      COUNTERSIGN_MODE: "simulator",
      COUNTERSIGN_NATS_URL: nats.url,
      COUNTERSIGN_KEYS_DIR: nats.keysDir,
      COUNTERSIGN_CONFIG_DIR: join(import.meta.dirname, "../../../config"),
      COUNTERSIGN_DATA_DIR: folder.path,
      COUNTERSIGN_LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  running = child;
  const [message] = (await once(child, "message")) as [{ ready: boolean; ok: boolean }];
  expect(message).toMatchObject({ ready: true, ok: true });
  return child;
}

describe("audit-writer process", () => {
  test("killed in a burst and started again -> every acknowledged record is there at its place", async () => {
    let child = await startWriter();
    const gate = await connect(nats, "risk-gate", "risk-gate");
    const operators = await connect(nats, "admin-api", "admin-ops");
    const acknowledged = new Map<number, string>();
    for (let round = 0; round < 3; round += 1) {
      const killAt = acknowledged.size + 150 + 37 * round;
      // 60 callers, each with one call after the other, until the writer is gone.
      const lanes = Array.from({ length: 60 }, async (_, lane) => {
        for (let index = 0; index < 200 && !child.killed; index += 1) {
          const name = `r${round}l${lane}n${index}`;
          const contract = AUDIT_APPENDS["risk-gate"];
          const reply = await gate
            .request(contract, { entries: [entry(name)] }, { timeoutMs: 1_000 })
            .catch(() => undefined);
          if (reply?.outcome === "ok") acknowledged.set(reply.value.seq, name);
          if (acknowledged.size >= killAt) child.kill("SIGKILL");
        }
      });
      await Promise.all(lanes);
      if (child.signalCode === null && child.exitCode === null) await once(child, "exit");
      child = await startWriter();
    }
    const verified = await operators.request(RPCS.verifyAudit, { against: null });
    expect(verified).toMatchObject({ outcome: "ok", value: { ok: true, findings: [] } });
    const names = new Map<number, string>();
    let after: number | null = 0;
    while (after !== null) {
      const query: ListQuery = { after, limit: 200, kinds: ["tool.called"], correlationId: null };
      const page: ListPage = await operators.request(RPCS.listAudit, query);
      if (page.outcome !== "ok") throw new Error("list denied");
      for (const { record } of page.value.records) {
        expect(record.producer).toBe("risk-gate");
        names.set(record.seq, record.entry.correlationId);
      }
      after = page.value.nextAfter;
    }
    expect(acknowledged.size).toBeGreaterThan(450);
    for (const [seq, name] of acknowledged) expect(names.get(seq)).toBe(name);
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    expect(await gone).toEqual([0, null]);
    await Promise.all([gate.drain(), operators.drain()]);
  });

  test("a user that is no producer -> has no way in", async () => {
    const market = await connect(nats, "market-data", "market-data");
    expect(() => market.request(AUDIT_APPENDS["risk-gate"], { entries: [entry("x")] })).toThrow(/not among those/);
    await market.drain();
  });
});
