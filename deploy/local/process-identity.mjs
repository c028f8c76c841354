// Plain JavaScript: the bootstrap uses it before a Node that runs TypeScript is there.
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/**
 * A text that names one process for as long as the machine runs: a pid alone is used again by the system.
 * `undefined`: no such process, or it has ended and only waits for its parent to read its exit code.
 */
export function processIdentity(pid) {
  if (process.platform === "linux") return linuxIdentity(pid);
  const line = ps(pid, "stat=,lstart=");
  if (line === undefined || line.startsWith("Z")) return undefined;
  return line.replace(/^\S+\s+/, "");
}

/** The program file of a running process, or `undefined` when it cannot be told. */
export function processProgram(pid) {
  if (process.platform !== "linux") return ps(pid, "comm=");
  try {
    // The kernel marks a program whose file was replaced or removed while it ran.
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
  } catch {
    return undefined;
  }
}

function linuxIdentity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may itself hold spaces and parentheses, so count fields after the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === "Z" || state === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}:${startTicks}`;
  } catch {
    return undefined;
  }
}

function ps(pid, columns) {
  try {
    const out = execFileSync("ps", ["-o", columns, "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return out.trim() || undefined;
  } catch {
    return undefined;
  }
}
