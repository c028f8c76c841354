import { loadPatched } from "./load-patched.ts";
import { SEALS } from "./substitutes.ts";

loadPatched([SEALS]);
const { runSchedule } = await import("./schedule.ts");
const [from = 1, count = 1] = process.argv.slice(2).map(Number);
const cpu = process.cpuUsage();
let bad = 0, steps = 0, sent = 0, virtual = 0; const kinds: Record<string, number> = {}; const first: Record<string, number> = {};
for (let seed = from; seed < from + count; seed++) {
  const out = await runSchedule(seed, { trace: count === 1 });
  steps += out.steps; sent += out.sent; virtual += out.virtualMs;
  if (count === 1) process.stdout.write(out.trace.join("\n") + "\n");
  if (out.violations.length > 0) { bad++; const v = out.violations[0]!; const key = v.invariant + " " + v.what.replace(/prop_\w+/g, "P").replace(/\d+/g,"N").slice(0, 110); kinds[key] = (kinds[key] ?? 0) + 1; first[key] ??= seed; }
}
const used = process.cpuUsage(cpu); const ms = (used.user + used.system) / 1000;
process.stdout.write(`${count} schedules, ${bad} bad, ${(ms / count).toFixed(3)} ms each, ${(steps/count).toFixed(0)} steps, ${(sent/count).toFixed(2)} sent, ${(virtual/count).toFixed(0)} virtual ms\n`);
for (const [k, n] of Object.entries(kinds).sort((a,b)=>b[1]-a[1])) process.stdout.write(`${n}\t${first[k]}\t${k}\n`);
