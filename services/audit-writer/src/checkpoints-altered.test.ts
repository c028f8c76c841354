import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuditStream } from "./audit-stream.ts";
import { entry, type OpenedAudit, openAudit } from "./test-support.ts";

let nats: TestNats;
let folder: ReturnType<typeof tempDir>;
let opened: OpenedAudit | undefined;
beforeEach(async () => {
  nats = await startTestNats();
  folder = tempDir("countersign-altered-");
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await nats.stop();
  folder.remove();
});

const file = () => join(folder.path, "audit-writer/checkpoints.ndjson");
const copy = () => join(folder.path, "elsewhere");
const lines = () => readFileSync(file(), "utf8").trimEnd().split("\n");
const write = (texts: string[]) => writeFileSync(file(), texts.map((text) => `${text}\n`).join(""));

async function open(wrap?: (stream: AuditStream) => AuditStream): Promise<OpenedAudit> {
  const config = { checkpoints: { everyMs: 600_000, copyFolder: copy() } };
  opened = await openAudit(nats, folder.path, { config, ...(wrap !== undefined && { wrap }) });
  return opened;
}

/** Three checkpoints over records of its own. */
async function three({ audit }: OpenedAudit): Promise<void> {
  for (const name of ["a", "b", "c"]) {
    await audit.append("risk-gate", [entry(name)]);
    await audit.checkpoint();
  }
}

describe("checkpoints that are changed on the disk of a writer that runs", () => {
  test.each<[string, () => void]>([
    ["taken away", () => rmSync(file())],
    ["the last one cut off", () => write(lines().slice(0, 2))],
    ["one dropped from the middle", () => write(lines().toSpliced(1, 1))],
    ["two swapped", () => write(lines().toReversed())],
    ["one there twice", () => write([...lines(), ...lines().slice(2)])],
    ["one letter of a signature", () => write(lines().map((line) => line.replace(/"signature":"./, '"signature":"_')))],
    ["half a line behind them", () => appendFileSync(file(), '{"checkpoint":')],
  ])("%s -> verify names the file", async (_, change) => {
    const one = await open();
    const { audit } = one;
    await three(one);
    expect(await audit.verify()).toMatchObject({ ok: true, checkpoints: 3 });
    change();
    const { ok, findings } = await audit.verify();
    expect([ok, findings]).toEqual([false, [`${file()} does not hold the 3 checkpoints that were signed`]]);
  });

  test("the disk of the copy is away -> no finding; it comes back with another file -> named", async () => {
    const one = await open();
    await three(one);
    renameSync(copy(), `${copy()}.away`);
    expect((await one.audit.verify()).ok).toBe(true);
    renameSync(`${copy()}.away`, copy());
    expect((await one.audit.verify()).ok).toBe(true);
    writeFileSync(join(copy(), "checkpoints.ndjson"), `${lines()[0]}\n`);
    expect((await one.audit.verify()).findings.join()).toMatch(/elsewhere.* does not hold the 3 checkpoints/);
  });
});

test("a record that was changed in the stream while nobody ran -> no checkpoint is signed over it", async () => {
  const first = await open();
  for (const name of ["a", "b", "c", "d"]) await first.audit.append("risk-gate", [entry(name)]);
  await first.close();
  const forging = (stream: AuditStream): AuditStream => ({
    ...stream,
    read: async (sequence) => {
      const stored = await stream.read(sequence);
      if (sequence !== 3 || stored === undefined) return stored;
      return { ...stored, text: stored.text.replace('"name":"b"', '"name":"B"') };
    },
  });
  const { audit, fatal } = await open(forging);
  await audit.append("risk-gate", [entry("e")]);
  expect(fatal).toEqual([]);
  await expect(audit.checkpoint()).rejects.toThrow("record 4 does not name the hash of the record before it");
  expect((await audit.verify()).checkpoints).toBe(0);
});
