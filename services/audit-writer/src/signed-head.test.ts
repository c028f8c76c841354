import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
import { openNote, readTreeHead } from "@countersign/tlog/note";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditStream } from "./audit-stream.ts";
import { entry, type OpenedAudit, openAudit } from "./test-support.ts";

let nats: TestNats;
const folder = tempDir("countersign-head-");
const opened: OpenedAudit[] = [];
beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await nats?.stop();
  folder.remove();
});

async function open(wrap: (stream: AuditStream) => AuditStream = (same) => same): Promise<OpenedAudit> {
  const audit = await openAudit(nats, folder.path, { wrap });
  opened.push(audit);
  return audit;
}

test("the head is signed over every record, as checkpoint and as note, by one key that a restart keeps", async () => {
  const first = await open();
  await first.audit.append("risk-gate", [entry("a"), entry("b")]);
  const { checkpoint, note, verifierKey } = await first.audit.head();
  const text = openNote(note, verifierKey) ?? "";
  const { size, root } = checkpoint.checkpoint;
  expect(readTreeHead(text)).toEqual({ origin: verifierKey.split("+")[0], size, root });
  expect(await first.audit.verify()).toMatchObject({ ok: true, size, root });
  expect((await first.audit.head()).note).toBe(note);
  await opened.shift()?.close();

  const second = await open();
  await second.audit.append("risk-gate", [entry("c")]);
  const later = await second.audit.head();
  expect(later.verifierKey).toBe(verifierKey);
  // Its own start is a record too.
  expect(later.checkpoint.checkpoint.size).toBe(size + 2);
});

test("a record that the stream shows otherwise than it was written -> no head is signed", async () => {
  let changes = false;
  const audit = await open((stream) => ({
    ...stream,
    read: async (sequence) => {
      const stored = await stream.read(sequence);
      return changes && stored !== undefined ? { ...stored, text: stored.text.replace("changed", "Changed") } : stored;
    },
  }));
  await audit.audit.append("risk-gate", [entry("to be changed")]);
  changes = true;
  await expect(audit.audit.head()).rejects.toMatchObject({ code: "STORE_REFUSED" });
});
