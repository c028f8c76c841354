import type { Instrument } from "../market/instrument.ts";
import type { World } from "./world.ts";

/** A push of a stream that says nothing while the data of its instrument does not move. */
export function unlessStale(world: World, instrument: Instrument, push: () => void): () => void {
  return () => {
    if (!world.data.isStale(instrument)) push();
  };
}
