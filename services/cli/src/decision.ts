import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { call } from "./admin-client.ts";
import { type CommandInput, needed } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { fileError } from "./files.ts";
import { plainJson, plainLines, print } from "./terminal.ts";

const VERIFIER = join(import.meta.dirname, "../../risk-gate/src/decisions/main.ts");
const USAGE = "usage: countersign decision verify <file> | export <proposal> [--out FILE] [--inputs HASH]";

/** Judges an exported decision once more. Needs the file and nothing else; undefined: the words ask for something else. */
export function decisionOffline(words: readonly string[], { json = false } = {}): ExitCode | undefined {
  if (words[0] !== "verify") return undefined;
  const file = needed(words[1], "the file of the decision");
  const ran = spawnSync(process.execPath, [VERIFIER, file, ...(json ? ["--json"] : [])], {
    encoding: "utf8",
    env: {
      PATH: process.env.PATH ?? "",
      NODE_COMPILE_CACHE: join(import.meta.dirname, "../../../.cache/node-compile"),
    },
  });
  process.stdout.write(json ? plainJson(ran.stdout) : plainLines(ran.stdout));
  process.stderr.write(plainLines(ran.stderr));
  if (ran.status === 0) return EXIT.ok;
  return ran.status === 1 ? EXIT.verificationFailed : EXIT.usage;
}

/** Everything behind a verdict of a proposal, as a file. */
export async function decision({ settings, words, flags }: CommandInput): Promise<ExitCode> {
  if (words[0] !== "export") throw new CommandError(EXIT.usage, USAGE);
  const id = encodeURIComponent(needed(words[1], "the proposal's id"));
  const query = flags.inputs === undefined ? "" : `?inputsHash=${encodeURIComponent(flags.inputs)}`;
  const file = `${JSON.stringify(await call(settings, "GET", `/api/v1/proposals/${id}/decision${query}`))}\n`;
  if (flags.out === undefined) process.stdout.write(plainJson(file));
  else {
    write(flags.out, file);
    print(`written: ${flags.out}, ${Buffer.byteLength(file)} bytes`);
  }
  return EXIT.ok;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw fileError(EXIT.usage, path, error);
  }
}
