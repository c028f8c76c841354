import { GENESIS_HASH, type Head } from "@countersign/tlog/audit-chain";
import { describe, expect, test } from "vitest";
import { listAudit } from "./list.ts";
import { kindToken, seal } from "./record.ts";
import { CONFIG, entry } from "./test-support.ts";

/** Ten sealed records; every third is of kind order.edge, every text is long enough to matter. */
const stored = new Map<number, { subject: string; text: string }>();
let head: Head = { seq: 0, hash: GENESIS_HASH };
for (let seq = 1; seq <= 10; seq += 1) {
  const kind = seq % 3 === 0 ? ("order.edge" as const) : ("tool.called" as const);
  const sealed = seal(head, "risk-gate", "2026-01-01T00:00:00.000Z", entry(`c${seq % 2}`, { kind }));
  stored.set(seq, { subject: `audit.v1.rec.${kindToken(kind)}`, text: sealed.text });
  head = sealed;
}
const source = { read: async (sequence: number) => stored.get(sequence) };
const all = { after: 0, limit: 200, kinds: null, correlationId: null };
const seqs = (page: Awaited<ReturnType<typeof listAudit>>) => page.records.map(({ record }) => record.seq);

describe("list audit", () => {
  test("pages follow one another without gap or repeat and end with null", async () => {
    const seen: number[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const page = await listAudit(source, 10, { ...all, after, limit: 3 }, CONFIG);
      seen.push(...seqs(page));
      after = page.nextAfter;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("kinds and correlation id -> only what fits both", async () => {
    const page = await listAudit(source, 10, { ...all, kinds: ["order.edge"], correlationId: "c1" }, CONFIG);
    expect(seqs(page)).toEqual([3, 9]);
    expect(page).toMatchObject({ size: 10, nextAfter: null });
  });

  test("the scan bound ends a page early -> nextAfter says where to go on", async () => {
    const bounds = { ...CONFIG, listScanMax: 4 };
    const page = await listAudit(source, 10, { ...all, kinds: ["kill.changed"] }, bounds);
    expect(page).toEqual({ records: [], size: 10, nextAfter: 4 });
  });

  test("the size bound ends a page early -> the rest is on the next page", async () => {
    const bounds = { ...CONFIG, listBytesMax: 1_200 };
    const first = await listAudit(source, 10, all, bounds);
    expect(seqs(first)).toEqual([1, 2]);
    const second = await listAudit(source, 10, { ...all, after: first.nextAfter ?? 0 }, bounds);
    expect(seqs(second)[0]).toBe(3);
  });

  test("a record is missing -> a fault, never a shorter list", async () => {
    const broken = { read: async (sequence: number) => (sequence === 5 ? undefined : stored.get(sequence)) };
    await expect(listAudit(broken, 10, all, CONFIG)).rejects.toMatchObject({ code: "STORE_REFUSED" });
  });

  test("after the end -> empty and null", async () => {
    expect(await listAudit(source, 10, { ...all, after: 10 }, CONFIG)).toEqual({
      records: [],
      size: 10,
      nextAfter: null,
    });
  });
});
