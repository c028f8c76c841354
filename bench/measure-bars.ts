import { AAPL } from "../services/broker-gateway/src/test-support.ts";
import { resample } from "../services/market-data/src/bars/resample.ts";
import { ago, BarsWorld, DAY_MS } from "../tests/end-to-end/bars-world.ts";
import type { Series } from "./statistics.ts";

const ZONE = "America/New_York";

/** Bars over the bus: from the cache, and 20 pages of them stitched and put together; and the putting together alone. */
export async function measureBars(rounds: number): Promise<Series[]> {
  const here = await BarsWorld.open();
  try {
    const cached = { conid: AAPL, barSize: "5 mins", duration: "1 D", maxPoints: 100, maxAgeMs: 86_400_000 } as const;
    const year = { barSize: "5 mins", from: ago(120 * DAY_MS), until: ago(2 * DAY_MS), maxPoints: 500 } as const;
    await here.bars(year);
    const { bars } = await here.bars({ barSize: "1 min", from: ago(12 * 3_600_000), maxPoints: 800 });
    const context = { size: "1 min", zone: ZONE, maxPoints: 100, isCut: () => false } as const;
    return [
      { name: "bars from the cache, 100 points", samples: await timed(rounds, () => here.bars(cached)) },
      { name: "bars of 20 pages from the cache, 500 points", samples: await timed(20, () => here.bars(year)) },
      { name: `${bars.length} bars put together`, samples: await timed(rounds, () => resample(bars, context)) },
    ];
  } finally {
    await here.close();
  }
}

async function timed(rounds: number, task: () => unknown): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds * 1.1; round += 1) {
    const startedAt = performance.now();
    await task();
    if (round >= rounds * 0.1) samples.push(performance.now() - startedAt);
  }
  return samples;
}
