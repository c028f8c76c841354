import { readdirSync } from "node:fs";
import { createSigner, generateKeyPair } from "@countersign/ids/ed25519";
import { canonicalJson, sha256Hex } from "@countersign/ids/hash";
import { GENESIS_HASH } from "@countersign/tlog/audit-chain";
import { MerkleTree } from "@countersign/tlog/merkle";
import { signNote, treeHeadText, verifierKeyOf } from "@countersign/tlog/note";
import { readFolder } from "../audit-log/read-folder.ts";
import { FolderWriter } from "../audit-log/write-folder.ts";

const { privateKeyPem, publicKey } = generateKeyPair();
export const signer = { name: "countersign/audit/0123456789abcdef", publicKey, sign: createSigner(privateKeyPem) };
export const verifierKey = verifierKeyOf(signer);
export const at = "2026-01-01T00:00:00.000Z";

/** So many records of one chain; `change` makes another one of the record under that number, `clock` says when it was written. */
export function chain(
  size: number,
  change: (body: object, seq: number) => object = (body) => body,
  clock: (seq: number) => string = () => at,
): string[] {
  const texts: string[] = [];
  for (let seq = 1; seq <= size; seq += 1) {
    const prev = seq === 1 ? GENESIS_HASH : sha256Hex(texts.at(-1) ?? "");
    const body = change({ number: String(seq) }, seq);
    const actor = { kind: "service", id: "approval" };
    const entry = { kind: "order.edge", at, correlationId: "prop_a", actor, body };
    texts.push(canonicalJson({ type: "countersign.audit/1", seq, at: clock(seq), producer: "approval", prev, entry }));
  }
  return texts;
}

export function signed(texts: readonly string[], by = signer) {
  const tree = new MerkleTree();
  for (const text of texts) tree.push(text);
  const head = treeHeadText({ origin: by.name, size: texts.length, root: tree.root() });
  return { note: signNote(head, by), verifierKey: verifierKeyOf(by), root: tree.root() };
}

/** As an export does it: what is there is read and found good, and the rest is put behind it. */
export function put(folder: string, texts: readonly string[]): void {
  const before = readdirSync(folder).length === 0 ? undefined : readFolder(folder);
  if (typeof before === "string") throw new Error(before);
  const writer = new FolderWriter(folder, before);
  for (const text of texts.slice(before?.head.size ?? 0)) writer.add(text);
  const head = signed(texts);
  if (writer.root() !== head.root) throw new Error("another root than that of the records");
  writer.end(head);
}
