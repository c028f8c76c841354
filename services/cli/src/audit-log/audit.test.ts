import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { expect, test, vi } from "vitest";
import { MARK, serverThat } from "../testing/api-that-says.ts";
import { audit } from "./audit.ts";

/** A verification that ends so, with `--keep` of a file that is there already or not. */
async function keeping(ok: boolean, isThere: boolean) {
  const folder = tempDir("countersign-keep-");
  const keep = join(folder.path, "checkpoint.json");
  if (isThere) writeFileSync(keep, "older");
  const body = { ok, size: 1, root: "r", checkpoints: 1, findings: ok ? [] : ["a gap"], checkpoint: { size: 1 } };
  const { server, url } = await serverThat((_, response) => response.writeHead(200, MARK).end(JSON.stringify(body)));
  const [out, err] = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
  for (const spy of [out, err]) spy.mockReturnValue(true);
  const settings = { admin: url, operatorToken: "t", nats: undefined };
  const ended = await audit({ settings, words: ["verify"], flags: { keep } }).catch((error) => error.exitCode);
  const said = out.mock.calls.join("");
  for (const spy of [out, err]) spy.mockRestore();
  server.close();
  const kept = existsSync(keep) && !isThere;
  folder.remove();
  return { ended, said, kept };
}

test("a record that does not verify: told with exit code 5, whatever becomes of the file, and no checkpoint of it is kept", async () => {
  for (const isThere of [false, true])
    expect(await keeping(false, isThere)).toEqual({ ended: 5, said: expect.stringContaining("a gap"), kept: false });
});

test("one that verifies is told as well when the file is there already: exit code 2, and the older one stays", async () => {
  expect(await keeping(true, true)).toEqual({ ended: 2, said: expect.stringMatching(/^ok: 1 records/), kept: false });
  expect(await keeping(true, false)).toMatchObject({ ended: 0, kept: true });
});
