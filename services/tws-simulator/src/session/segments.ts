import type { Clock, Timer } from "@countersign/clock/clock";
import type { WriteShape } from "./hooks.ts";

export interface SegmentsDeps {
  readonly clock: Clock;
  /** `written` is called when the bytes have left this process. */
  readonly write: (bytes: Buffer, written: () => void) => void;
  readonly shape: () => WriteShape | undefined;
}

const NOTHING = () => {};

/** Cuts what leaves a session into segments. Without a shape every call is one segment. */
export class Segments {
  readonly #deps: SegmentsDeps;
  #gathered: Buffer[] = [];
  #gatherTimer: Timer | undefined;
  #chunks: Buffer[] = [];
  #chunking = false;
  #whenIdle: () => void = NOTHING;

  constructor(deps: SegmentsDeps) {
    this.#deps = deps;
  }

  push(frames: readonly Buffer[]): void {
    const shape = this.#deps.shape();
    if (shape?.kind === "gather") this.#gather(frames, shape);
    else if (shape?.kind === "chunk" || this.#chunking) this.#chunk(frames, shape?.bytes ?? 1);
    else this.#write([...this.#gathered.splice(0), ...frames]);
  }

  /** Calls `then` when all that was pushed has left; what was gathered leaves now. */
  finish(then: () => void): void {
    this.#gatherTimer?.cancel();
    this.#write(this.#gathered.splice(0));
    if (this.#chunking) this.#whenIdle = then;
    else then();
  }

  /** Nothing leaves any more. */
  drop(): void {
    this.#gatherTimer?.cancel();
    this.#gathered = [];
    this.#chunks = [];
  }

  #write(frames: readonly Buffer[]): void {
    const [first] = frames;
    if (first !== undefined) this.#deps.write(frames.length === 1 ? first : Buffer.concat(frames), NOTHING);
  }

  #gather(frames: readonly Buffer[], shape: { readonly frames: number; readonly delayMs: number }): void {
    this.#gathered.push(...frames);
    this.#gatherTimer?.cancel();
    if (this.#gathered.length >= shape.frames) this.#write(this.#gathered.splice(0));
    else this.#gatherTimer = this.#deps.clock.setTimeout(() => this.#write(this.#gathered.splice(0)), shape.delayMs);
  }

  #chunk(frames: readonly Buffer[], bytes: number): void {
    const whole = Buffer.concat([...this.#gathered.splice(0), ...frames]);
    for (let start = 0; start < whole.length; start += bytes) this.#chunks.push(whole.subarray(start, start + bytes));
    if (this.#chunking) return;
    this.#chunking = true;
    this.#nextChunk();
  }

  /** The next segment only after the one before has left: otherwise the system would join them. */
  #nextChunk(): void {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) {
      this.#chunking = false;
      const then = this.#whenIdle;
      this.#whenIdle = NOTHING;
      then();
      return;
    }
    this.#deps.write(chunk, () => setImmediate(() => this.#nextChunk()));
  }
}
