import type { CyclesReport } from "./run-cycles.ts";

/** The figures of a run on standard output, and where to look when it failed. */
export function printReport(report: CyclesReport, { seed, seconds }: { seed: number; seconds: number }): void {
  const { counts, failure } = report;
  const lines = [
    "",
    `seed ${seed}: ${report.cycles} cycles on ${report.systems} systems in ${seconds} s, ${report.sent} orders at the broker's socket`,
    "",
    ...table("fault", report.faults),
    "",
    ...table("order came to rest as", report.states),
    "",
    ...table("denied by", report.denials),
    "",
    ...table("must be 0", new Map(Object.entries(counts))),
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  if (failure === undefined) return;
  const again = `npm run chaos -- --cycles ${failure.cycle} --seed ${seed}`;
  process.stdout.write(`FAILED in cycle ${failure.cycle} (${again})\n${failure.text}\nkept: ${failure.dataDir}\n`);
}

function table(head: string, counts: ReadonlyMap<string, number>): string[] {
  const rows = [...counts].sort(([, left], [, right]) => right - left);
  const width = Math.max(head.length, ...rows.map(([name]) => name.length));
  return [`${head.padEnd(width)}  count`, ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)];
}
