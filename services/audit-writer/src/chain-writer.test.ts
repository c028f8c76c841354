import { createSystemClock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import { GENESIS_HASH, type Head, type SealedRecord } from "@countersign/tlog/audit-chain";
import { describe, expect, test } from "vitest";
import type { AuditStream } from "./audit-stream.ts";
import { ChainWriter } from "./chain-writer.ts";
import { seal } from "./record.ts";
import { CONFIG, entry } from "./test-support.ts";

const GENESIS: Head = { seq: 0, hash: GENESIS_HASH };
const AT = "2026-01-01T00:00:00.000Z";

/** A stream that a test can hold up, refuse or write to from the side; appends compare-and-swap as the server does. */
class ScriptedStream implements AuditStream {
  readonly texts: string[] = [];
  refuse: Fault | undefined;
  lastSequence = async () => this.texts.length;
  firstSequence = async () => 1;
  read = async (sequence: number) => {
    const text = this.texts[sequence - 1];
    return text === undefined ? undefined : { subject: "", text };
  };
  append: AuditStream["append"] = async (sealed) => {
    if (this.refuse !== undefined) throw this.refuse;
    if (this.texts.length !== sealed.seq - 1) return { outcome: "conflict" };
    return { outcome: "appended", sequence: this.texts.push(sealed.text), duplicate: false };
  };
}

function openWriter(unconfirmed: SealedRecord[] = []) {
  const stream = new ScriptedStream();
  const fatal: string[] = [];
  const disk = Promise.withResolvers<void>();
  const writer = new ChainWriter(
    {
      ...CONFIG,
      stream,
      clock: createSystemClock(),
      journal: { append: () => disk.promise },
      mark: { set: () => undefined },
      onResync: () => undefined,
      onFatal: (reason) => void fatal.push(reason),
    },
    GENESIS,
    unconfirmed,
  );
  return { stream, fatal, disk, writer };
}

const turn = () => new Promise((done) => setImmediate(done));

describe("chain writer", () => {
  test("in the stream and not yet in the journal -> no answer; in both -> answered", async () => {
    const { writer, stream, disk } = openWriter();
    let answered = false;
    const answer = writer.append("approval", [entry("a")]).then((head) => {
      answered = true;
      return head;
    });
    await turn();
    expect(stream.texts).toHaveLength(1);
    expect(answered).toBe(false);
    expect(writer.settled()).toEqual(GENESIS);
    disk.resolve();
    expect(await answer).toMatchObject({ seq: 1 });
  });

  test("the journal fails -> nothing is acknowledged, and the writer stops for good", async () => {
    const { writer, fatal, disk } = openWriter();
    const answer = writer.append("approval", [entry("a")]);
    disk.reject(new Error("EIO"));
    await expect(answer).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE", effect: "unknown" });
    expect(fatal).toEqual([expect.stringMatching(/journal.*EIO/)]);
    await expect(writer.append("approval", [entry("b")])).rejects.toMatchObject({ effect: "none" });
  });

  test("another writer's record at exactly our place -> fatal, not adopted", async () => {
    const { writer, stream, fatal, disk } = openWriter();
    disk.resolve();
    stream.texts.push(seal(GENESIS, "approval", AT, entry("stranger")).text);
    await expect(writer.append("approval", [entry("a")])).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    expect(fatal).toEqual([expect.stringMatching(/is not ours/)]);
  });

  test("the stream refuses for a while -> new records are refused at once, the sealed one goes in later", async () => {
    const { writer, stream, fatal, disk } = openWriter();
    disk.resolve();
    stream.refuse = new Fault("STORE_REFUSED", "the stream is full");
    const answer = writer.append("approval", [entry("a")]);
    await turn();
    await expect(writer.append("approval", [entry("b")])).rejects.toMatchObject({
      code: "AUDIT_UNAVAILABLE",
      effect: "none",
    });
    expect(writer.status()).toEqual({ ok: false, detail: "the stream is full" });
    stream.refuse = undefined;
    expect(await answer).toMatchObject({ seq: 1 });
    expect(await writer.append("approval", [entry("c")])).toMatchObject({ seq: 2 });
    expect(fatal).toEqual([]);
  });

  test("records of the journal that the stream lacks -> sent first, then the new ones", async () => {
    const first = seal(GENESIS, "approval", AT, entry("one"));
    const second = seal(first, "approval", AT, entry("two"));
    const { writer, stream, disk } = openWriter([first, second]);
    disk.resolve();
    await writer.opened();
    expect(stream.texts).toEqual([first.text, second.text]);
    expect(await writer.append("approval", [entry("three")])).toMatchObject({ seq: 3 });
  });
});
