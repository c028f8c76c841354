import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { tempDir } from "@countersign/testing/temp-dir";
import { verifierKeyOf } from "@countersign/tlog/note";
import { describe, expect, test } from "vitest";
import { type Run, runCommand } from "./command-line.ts";
import { buyApple, tool } from "./mcp-client.ts";
import type { System } from "./system.ts";

type Countersign = (args: string[]) => Promise<Run>;
const PYTHON = "python3";
const VERIFIER = join(import.meta.dirname, "../../deploy/audit/verify_export.py");
const hasPython = spawnSync(PYTHON, ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]).status === 0;

/** What somebody has who has the files, the key and a Python, and nothing of ours. */
const byOthers = (folder: string, key: string) => spawnSync(PYTHON, [VERIFIER, folder, key], { encoding: "utf8" });
const exported = (run: Run) =>
  JSON.parse(run.out) as { size: number; added: number; root: string; verifierKey: string };

/** The record as files, from the running system. */
export function describeAuditExport(systemOf: () => System, countersign: Countersign): void {
  describe("the audit exported", () => {
    test("verifies offline, and again after more has happened; any byte changed in it is found", async () => {
      using folder = tempDir();
      const export_ = () => countersign(["audit", "export", folder.path, "--json"]);
      const first = exported(await export_());
      expect(first.added).toBe(first.size);
      const again = await tool(systemOf(), "propose_order", buyApple());
      expect(again.isError).toBe(false);
      const second = exported(await export_());
      expect(second.added).toBe(second.size - first.size);
      expect(second.added).toBeGreaterThanOrEqual(4);
      expect(second.verifierKey).toBe(first.verifierKey);
      const check = () => countersign(["audit", "check", folder.path, "--key", second.verifierKey]);
      expect((await check()).out).toContain(`ok: ${second.size} records, root ${second.root}`);
      const bundle = largestIn(folder.path);
      const bytes = readFileSync(bundle);
      for (const place of [1, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const changed = Buffer.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ 1;
        writeFileSync(bundle, changed);
        expect((await check()).code, `byte ${place}`).toBe(5);
        const refused = await export_();
        expect([refused.code, refused.err]).toEqual([5, expect.stringContaining("does not verify")]);
      }
      writeFileSync(bundle, bytes);
      expect((await check()).code).toBe(0);
    });

    test.skipIf(!hasPython)(
      "verifies in Python, without any code of ours; changed, cut short or under another key it does not",
      async () => {
        using folder = tempDir();
        const {
          size,
          root,
          verifierKey: key,
        } = exported(await countersign(["audit", "export", folder.path, "--json"]));
        expect(byOthers(folder.path, key).stdout).toMatch(new RegExp(`^ok: ${size} records of .*root ${root}\\n`));
        const bundle = largestIn(folder.path);
        const bytes = readFileSync(bundle);
        for (const place of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
          const changed = Buffer.from(bytes);
          changed[place] = (changed[place] ?? 0) ^ 1;
          writeFileSync(bundle, changed);
          expect(byOthers(folder.path, key).status, `byte ${place}`).toBe(1);
        }
        writeFileSync(bundle, bytes.subarray(0, -1));
        expect(byOthers(folder.path, key).status).toBe(1);
        writeFileSync(bundle, bytes);
        const other = verifierKeyOf({ name: key.split("+")[0] ?? "", publicKey: generateKeyPair().publicKey });
        expect(byOthers(folder.path, other)).toMatchObject({
          status: 1,
          stderr: expect.stringContaining("has not signed"),
        });
        expect(byOthers(folder.path, key).status).toBe(0);
      },
    );

    test("continues the checkpoint that was kept before it; that of another system it does not", async () => {
      using folder = tempDir();
      const file = join(folder.path, "kept.json");
      expect((await countersign(["audit", "verify", "--keep", file])).code).toBe(0);
      const log = join(folder.path, "log");
      expect((await countersign(["audit", "export", log])).code).toBe(0);
      const against = await countersign(["audit", "check", log, "--against", file]);
      expect([against.code, against.out]).toEqual([0, expect.stringContaining("begins with what")]);
      const key = (await countersign(["audit", "check", log, "--key", "other+00000000+AAAA"])).code;
      expect(key).toBe(5);
    });

    test("one order is proved by its records alone, to who has the key, here and in Python; to others it is not", async () => {
      using folder = tempDir();
      const proposed = await tool(systemOf(), "propose_order", buyApple());
      const log = join(folder.path, "log");
      const { verifierKey: key } = exported(await countersign(["audit", "export", log, "--json"]));
      const proved = await runCommand([
        "audit",
        "prove",
        log,
        proposed.value.proposal_id,
        "--out",
        folder.path,
        "--json",
      ]);
      expect(proved.code, proved.err).toBe(0);
      const { files } = JSON.parse(proved.out) as { files: string[] };
      const kinds: string[] = [];
      for (const file of files) {
        const checked = await runCommand(["audit", "check", file, "--key", key, "--json"]);
        expect(checked.code, checked.err).toBe(0);
        kinds.push(JSON.parse(checked.out).record.entry.body.event);
        if (hasPython) expect(byOthers(file, key).stdout).toContain(proposed.value.proposal_id);
      }
      expect(kinds.filter((event) => event !== undefined)).toEqual(["proposed", "simulated", "admitted"]);
      const [first = ""] = files;
      const other = verifierKeyOf({ name: key.split("+")[0] ?? "", publicKey: generateKeyPair().publicKey });
      expect((await runCommand(["audit", "check", first, "--key", other])).code).toBe(5);
      if (hasPython) expect(byOthers(first, other).status).toBe(1);
    });

    test("into a folder that holds something else -> refused, and nothing is touched", async () => {
      using folder = tempDir();
      writeFileSync(join(folder.path, "letter.txt"), "dear");
      const refused = await countersign(["audit", "export", folder.path]);
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("holds something else")]);
      expect(readdirSync(folder.path)).toEqual(["letter.txt"]);
    });
  });
}

/** The tile of entries, whatever its width is just now. */
function largestIn(folder: string): string {
  const paths = readdirSync(join(folder, "tile/entries"), { recursive: true, encoding: "utf8" });
  const files = paths.map((path) => join(folder, "tile/entries", path)).filter((path) => statSync(path).isFile());
  const [largest = ""] = files.sort((a, b) => statSync(b).size - statSync(a).size);
  return largest;
}
