import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { SignedCheckpoint } from "@countersign/contracts/audit-checkpoint";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entry, type OpenedAudit, openAudit } from "./test-support.ts";

let nats: TestNats;
let folder: ReturnType<typeof tempDir>;
let opened: OpenedAudit[] = [];
beforeEach(async () => {
  nats = await startTestNats();
  folder = tempDir("countersign-checkpoints-");
});
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
  await nats.stop();
  folder.remove();
});

const FILE = "audit-writer/checkpoints.ndjson";
const at = (...parts: string[]) => join(folder.path, ...parts);

async function open(copyFolder: string | null = null): Promise<OpenedAudit> {
  const audit = await openAudit(nats, folder.path, { config: { checkpoints: { everyMs: 600_000, copyFolder } } });
  opened.push(audit);
  return audit;
}

async function close(audit: OpenedAudit): Promise<void> {
  opened = opened.filter((one) => one !== audit);
  await audit.close();
}

async function record({ audit }: OpenedAudit, ...names: string[]): Promise<SignedCheckpoint> {
  for (const name of names) await audit.append("risk-gate", [entry(name)]);
  const signed = await audit.checkpoint();
  if (signed === undefined) throw new Error("nothing was signed");
  return signed;
}

/** What the owner of the machine can do: everything away but the checkpoints, and another history in its place. */
async function rewritten(records: number): Promise<void> {
  cpSync(at(FILE), at("kept"));
  await nats.stop();
  rmSync(at("audit-writer"), { recursive: true });
  nats = await startTestNats();
  const other = await openAudit(nats, folder.path);
  for (let index = 0; index < records; index += 1) await other.audit.append("risk-gate", [entry(`other ${index}`)]);
  await other.close();
}

describe("signed checkpoints", () => {
  test("each says size, head and tree head, lies on both disks, and verifies; the same size is signed once", async () => {
    const audit = await open(at("elsewhere"));
    const first = await record(audit, "a", "b");
    const second = await record(audit, "c");
    expect(await audit.audit.checkpoint()).toEqual(second);
    expect(second.checkpoint.size).toBe(first.checkpoint.size + 1);
    const verification = await audit.audit.verify(first);
    expect(verification).toMatchObject({ ok: true, root: second.checkpoint.root, checkpoints: 2, checkpoint: second });
    expect(readFileSync(at("elsewhere/checkpoints.ndjson"), "utf8")).toBe(readFileSync(at(FILE), "utf8"));
    await close(audit);
    const again = await open(at("elsewhere"));
    expect((await record(again, "d")).publicKey).toBe(first.publicKey);
    expect(await again.audit.verify()).toMatchObject({ ok: true, checkpoints: 3 });
  });

  test("stream and journal are rewritten and shorter -> no start, with the sizes", async () => {
    const audit = await open();
    const { size } = (await record(audit, "a", "b", "c")).checkpoint;
    await close(audit);
    await rewritten(1);
    cpSync(at("kept"), at(FILE));
    const fatal = (await open()).fatal.join();
    expect(fatal).toMatch(new RegExp(`signed over ${size} records, and there are 2`));
  });

  test("rewritten with as many records -> no start, with the record's number", async () => {
    const audit = await open();
    const { size } = (await record(audit, "a", "b", "c")).checkpoint;
    await close(audit);
    await rewritten(5);
    cpSync(at("kept"), at(FILE));
    expect((await open()).fatal.join()).toMatch(`record ${size} is not the one that a checkpoint was signed over`);
  });

  test("rewritten with a new key and new checkpoints -> a checkpoint that was kept elsewhere finds it out", async () => {
    const audit = await open();
    const kept = await record(audit, "a", "b", "c");
    await close(audit);
    await rewritten(5);
    const forged = await open();
    await record(forged, "x");
    expect((await forged.audit.verify()).ok).toBe(true);
    const { ok, findings } = await forged.audit.verify(kept);
    expect([ok, findings.join()]).toEqual([
      false,
      expect.stringMatching(`first ${kept.checkpoint.size} records are not`),
    ]);
  });

  test("a checkpoint with one field changed -> said to be unsigned, and no finding about the records", async () => {
    const audit = await open();
    const kept = await record(audit, "a");
    const changed = { ...kept, checkpoint: { ...kept.checkpoint, at: "2026-01-01T00:00:00.000Z" } };
    const { ok, findings } = await audit.audit.verify(changed);
    expect([ok, findings]).toEqual([false, ["the given checkpoint is not signed by the key that it names"]]);
  });

  test("a line of the file changed -> no start; a torn last line is written anew", async () => {
    const audit = await open();
    await record(audit, "a");
    await record(audit, "b");
    await close(audit);
    appendFileSync(at(FILE), '{"checkpoint":{"ty');
    const again = await open();
    await record(again, "c");
    expect(await again.audit.verify()).toMatchObject({ ok: true, checkpoints: 3 });
    await close(again);
    writeFileSync(at(FILE), readFileSync(at(FILE), "utf8").replace(/"size":\d+/, '"size":1'));
    await expect(open()).rejects.toThrow(/line 1 of .* is no signed checkpoint/);
  });

  test("a disk that was away for one checkpoint has it before the next, and the writer starts again", async () => {
    const copy = at("elsewhere");
    const audit = await open(copy);
    await record(audit, "a");
    renameSync(copy, at("unplugged"));
    await expect(record(audit, "b")).rejects.toThrow(/ENOENT/);
    await expect(audit.audit.checkpoint()).rejects.toThrow(/ENOENT/);
    renameSync(at("unplugged"), copy);
    await record(audit, "c");
    expect(readFileSync(join(copy, "checkpoints.ndjson"), "utf8")).toBe(readFileSync(at(FILE), "utf8"));
    await close(audit);
    expect(await (await open(copy)).audit.verify()).toMatchObject({ ok: true, checkpoints: 3 });
  });

  test("the disk of the journal is new and the copy is not -> completed from the copy; two that differ -> no start", async () => {
    const copy = at("elsewhere");
    const audit = await open(copy);
    await record(audit, "a");
    await close(audit);
    rmSync(at(FILE));
    const again = await open(copy);
    await record(again, "b");
    expect(await again.audit.verify()).toMatchObject({ ok: true, checkpoints: 2 });
    await close(again);
    await rewritten(3);
    const other = await open();
    await record(other, "c");
    await close(other);
    expect(existsSync(copy)).toBe(true);
    mkdirSync(copy, { recursive: true });
    await expect(open(copy)).rejects.toThrow(/does not begin as the other/);
  });
});
