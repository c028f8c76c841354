import { randomUUID } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditEntry } from "@countersign/contracts/audit";
import { Fault } from "@countersign/contracts/denial";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuditStream } from "./audit-stream.ts";
import { seal } from "./record.ts";
import { entry, openAudit } from "./test-support.ts";

let nats: TestNats;
let folder: ReturnType<typeof tempDir>;
beforeEach(async () => {
  nats = await startTestNats();
  folder = tempDir("countersign-audit-");
});
afterEach(async () => {
  await nats.stop();
  folder.remove();
});

const journalOf = (dir: string) => join(dir, "audit-writer/journal.ndjson");
const burst = (count: number) => Array.from({ length: count }, (_, index) => entry(`n${index}`));

describe("audit log", () => {
  test("500 appends at once -> gap-free sequence, in order, and verify is ok", async () => {
    const { audit, close, fatal } = await openAudit(nats, folder.path);
    const before = audit.settled().seq;
    const heads = await Promise.all(burst(500).map((item) => audit.append("risk-gate", [item])));
    expect(heads.map((head) => head.seq)).toEqual(Array.from({ length: 500 }, (_, index) => before + 1 + index));
    const verification = await audit.verify();
    expect(verification).toMatchObject({ ok: true, size: before + 500, head: heads.at(-1)?.hash, findings: [] });
    expect(fatal).toEqual([]);
    await close();
  });

  test("more than the bound pending -> BUSY, and the chain stays whole", async () => {
    const { audit, close } = await openAudit(nats, folder.path, { config: { pendingMax: 16 } });
    const results = await Promise.allSettled(burst(40).map((item) => audit.append("risk-gate", [item])));
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused).toHaveLength(24);
    for (const result of refused) expect(result.reason).toMatchObject({ code: "BUSY", effect: "none" });
    expect(await audit.verify()).toMatchObject({ ok: true, size: 17 });
    await close();
  });

  test("a record over the bound -> refused before it takes a place in the chain", async () => {
    const { audit, close } = await openAudit(nats, folder.path);
    const big = entry("big", { body: { text: "x".repeat(70_000) } });
    await expect(audit.append("risk-gate", [big])).rejects.toMatchObject({ code: "SCHEMA_UNSUPPORTED" });
    await audit.append("risk-gate", [entry("small")]);
    expect((await audit.verify()).ok).toBe(true);
    await close();
  });

  test("one byte of the journal changed -> verify names the record", async () => {
    const { audit, close } = await openAudit(nats, folder.path);
    await Promise.all(burst(5).map((item) => audit.append("risk-gate", [item])));
    const text = readFileSync(journalOf(folder.path), "utf8");
    writeFileSync(journalOf(folder.path), text.replace('"n2"', '"nX"'));
    const verification = await audit.verify();
    expect(verification.ok).toBe(false);
    expect(verification.findings).toEqual(["record 4 differs between stream and journal"]);
    await close();
  });

  test("a second writer -> exactly one of the two goes on, the other is fatal", async () => {
    const other = tempDir("countersign-audit-");
    const first = await openAudit(nats, folder.path);
    await first.audit.append("risk-gate", [entry("a")]);
    const second = await openAudit(nats, other.path);
    await expect(first.audit.append("risk-gate", [entry("b")])).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    expect(first.fatal).toEqual([expect.stringMatching(/another writer/)]);
    expect(first.audit.status().ok).toBe(false);
    await second.audit.append("risk-gate", [entry("c")]);
    expect(second.fatal).toEqual([]);
    expect((await second.audit.verify()).ok).toBe(true);
    await Promise.all([first.close(), second.close()]);
    other.remove();
  });

  test("the writer that lost starts again -> its refused records are cut off and it takes over", async () => {
    const other = tempDir("countersign-audit-");
    const first = await openAudit(nats, folder.path);
    const second = await openAudit(nats, other.path);
    await first.audit.append("risk-gate", [entry("lost")]).catch(() => undefined);
    await Promise.all([first.close(), second.close()]);
    const again = await openAudit(nats, folder.path);
    expect(again.fatal).toEqual([]);
    expect(await again.audit.verify()).toMatchObject({ ok: true, findings: [] });
    expect(readFileSync(journalOf(folder.path), "utf8")).not.toContain('"lost"');
    await again.close();
    other.remove();
  });

  test("acknowledgements lost on the way -> nothing twice, nothing missing, the caller still gets its answer", async () => {
    let losing = false;
    const wrap = (stream: AuditStream): AuditStream => ({
      ...stream,
      append: async (sealed) => {
        const answer = await stream.append(sealed);
        if (losing && sealed.seq % 3 === 0) throw new Fault("OUTCOME_UNKNOWN", "the answer was lost");
        return answer;
      },
    });
    const { audit, close, fatal } = await openAudit(nats, folder.path, { wrap });
    losing = true;
    const heads = await Promise.all(burst(50).map((item) => audit.append("risk-gate", [item])));
    losing = false;
    expect(new Set(heads.map((head) => head.seq)).size).toBe(50);
    expect(fatal).toEqual([]);
    expect(await audit.verify()).toMatchObject({ ok: true, size: 51 });
    await close();
  });

  test("the server is killed in a burst -> nothing is lost or doubled, and the writer goes on by itself", async () => {
    const { audit, close, fatal } = await openAudit(nats, folder.path);
    const append = (item: AuditEntry) => audit.append("risk-gate", [item]);
    await Promise.all(burst(500).map(append));
    const running = burst(500).map(append);
    // In the same tick: of these nothing can be confirmed yet.
    const killed = nats.kill("SIGKILL");
    expect(audit.settled().seq).toBeLessThan(1_001);
    await killed;
    await nats.restart();
    const heads = await Promise.all(running);
    expect(heads.at(-1)?.seq).toBe(1_001);
    expect(fatal).toEqual([]);
    expect(await audit.verify()).toMatchObject({ ok: true, size: 1_001 });
    await close();
  });

  test("one byte of the stored stream changed -> verify names the record", async () => {
    const { audit, close, bus } = await openAudit(nats, folder.path);
    await Promise.all(burst(50).map((item) => audit.append("risk-gate", [item])));
    await nats.kill("SIGTERM");
    flipByte(nats.storeDir, '"name":"n25"');
    await nats.restart();
    await expect.poll(() => bus.connected()).toBe(true);
    const verification = await audit.verify();
    expect(verification.ok).toBe(false);
    expect(verification.findings).toEqual([expect.stringMatching(/^record 27 (is missing|cannot be read|differs)/)]);
    await close();
  });
});

/** Changes one byte in the one block file that holds the text. */
function flipByte(storeDir: string, text: string): void {
  for (const name of readdirSync(storeDir, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".blk")) continue;
    const data = readFileSync(join(storeDir, name));
    const at = data.indexOf(text);
    if (at < 0) continue;
    data[at + text.length - 3] = (data[at + text.length - 3] ?? 0) ^ 1;
    writeFileSync(join(storeDir, name), data);
    return;
  }
  throw new Error(`${text} is in no block file`);
}

describe("taking the chain up", () => {
  async function written(count: number): Promise<void> {
    const { audit, close } = await openAudit(nats, folder.path);
    await Promise.all(burst(count).map((item) => audit.append("risk-gate", [item])));
    await close();
  }

  test("journal gone -> copied from the stream, and the repair is on the record", async () => {
    await written(10);
    rmSync(join(folder.path, "audit-writer"), { recursive: true });
    const { audit, close, fatal } = await openAudit(nats, folder.path);
    expect(fatal).toEqual([]);
    expect(await audit.verify()).toMatchObject({ ok: true, size: 13 });
    expect(readFileSync(journalOf(folder.path), "utf8")).toContain("records 1 to 11 were copied");
    await close();
  });

  test("torn last line -> cut off and taken from the stream", async () => {
    await written(10);
    const size = readFileSync(journalOf(folder.path)).length;
    truncateSync(journalOf(folder.path), size - 40);
    const { audit, close, fatal } = await openAudit(nats, folder.path);
    expect(fatal).toEqual([]);
    expect((await audit.verify()).ok).toBe(true);
    await close();
  });

  test("journal ahead by records nobody was told of -> they go to the stream", async () => {
    await written(3);
    const lines = readFileSync(journalOf(folder.path), "utf8").trimEnd().split("\n");
    const { audit: probe, close: closeProbe } = await openAudit(nats, folder.path);
    const head = probe.settled();
    await closeProbe();
    const extra = seal(head, "risk-gate", "2026-01-01T00:00:00.000Z", entry("unconfirmed"));
    appendFileSync(journalOf(folder.path), `${extra.text}\n`);
    const { audit, close, fatal } = await openAudit(nats, folder.path);
    expect(fatal).toEqual([]);
    expect((await audit.stream.read(extra.seq))?.text).toBe(extra.text);
    expect(await audit.verify()).toMatchObject({ ok: true, size: lines.length + 4 });
    await close();
  });

  test("stream lost what was acknowledged -> refuses to append, with the numbers", async () => {
    await written(10);
    await nats.stop();
    nats = await startTestNats();
    const { audit, close, fatal } = await openAudit(nats, folder.path);
    expect(fatal).toEqual(["the stream ends at 0, but 11 records were acknowledged"]);
    expect(audit.status()).toEqual({ ok: false, detail: "the stream ends at 0, but 11 records were acknowledged" });
    await expect(audit.append("risk-gate", [entry("x")])).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    await close();
  });

  test("last line of the journal changed -> refuses to append", async () => {
    await written(10);
    const text = readFileSync(journalOf(folder.path), "utf8");
    writeFileSync(journalOf(folder.path), text.replace('"n9"', '"nX"'));
    const { close, fatal } = await openAudit(nats, folder.path);
    expect(fatal).toEqual(["record 11 differs between stream and journal"]);
    await close();
  });

  test("two processes on one journal -> the first notices and stops", async () => {
    const { audit, close, fatal } = await openAudit(nats, folder.path);
    appendFileSync(journalOf(folder.path), `${randomUUID()}\n`);
    await expect(audit.append("risk-gate", [entry("x")])).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    expect(fatal).toEqual([expect.stringMatching(/somebody else writes/)]);
    await close();
  });
});
