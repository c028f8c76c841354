import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Done, Job } from "./job.ts";

/** Most of what a schedule makes is garbage when it ends: with so much room little of it is ever copied. */
const YOUNG_MB = 192;
/** The threads are as many as the cores: helpers would only take them from each other. */
setFlagsFromString("--no-parallel-scavenge");
/** What outlives one collection here dies with its schedule: put among the old, it would hold all that it refers to. */
setFlagsFromString("--no-allocation-site-pretenuring");

/** Runs a job in a thread of its own, with a module graph of its own. */
export function inWorker(job: Job): Promise<Done> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: job,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.once("message", (done: Done) => resolve(done));
    worker.once("error", reject);
    worker.once("exit", (code) => code !== 0 && reject(new Error(`a worker ended with ${code}`)));
  });
}

/** Deals the seeds out to so many threads. */
export function inWorkers(job: Omit<Job, "stride">, threads: number): Promise<Done[]> {
  const each = Array.from({ length: threads }, (_, index) => ({ ...job, from: job.from + index, stride: threads }));
  return Promise.all(each.map(inWorker));
}
