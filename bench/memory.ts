import { readdirSync, readFileSync } from "node:fs";

export interface Usage {
  readonly name: string;
  readonly rssMb: number;
  /** Shared pages counted once over all who share them. */
  readonly pssMb: number;
}

/** Memory of a process and of all its descendants, from /proc (Linux). */
export function memoryOfTree(rootPid: number): Usage[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    if (!/^[0-9]+$/.test(entry)) continue;
    const status = read(`/proc/${entry}/status`);
    const parent = /^PPid:\s+([0-9]+)/m.exec(status)?.[1];
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const inTree = (pid: number): boolean => pid === rootPid || (parents.has(pid) && inTree(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(inTree).map(usageOf);
}

function usageOf(pid: number): Usage {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const kilobytes = (key: string) => Number(new RegExp(`^${key}:\\s+([0-9]+) kB`, "m").exec(rollup)?.[1] ?? 0);
  const args = read(`/proc/${pid}/cmdline`).split("\0");
  const service = args
    .find((arg) => arg.includes("services/"))
    ?.split("services/")[1]
    ?.split("/")[0];
  const name = service ?? args[0]?.split("/").at(-1) ?? String(pid);
  return { name, rssMb: kilobytes("Rss") / 1024, pssMb: kilobytes("Pss") / 1024 };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
