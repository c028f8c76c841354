import { freeze } from "../engine/as-json.ts";
import { Prng } from "../engine/prng.ts";
import { forgetSeals, isSealed } from "./people.ts";
import type { Swarm } from "./swarm.ts";

/** What the loader has put into production modules to ask for; see run/substitutes.ts. Undefined: they do it themselves. */
interface StandIns {
  countersignSeal: ((key: string, text: string, signature: string) => boolean) | undefined;
  countersignText: Once<string> | undefined;
  countersignHash: Once<string> | undefined;
  countersignFact: Once<unknown> | undefined;
  countersignNonce: (() => string) | undefined;
}

type Once<T> = (value: unknown, make: (value: unknown) => T) => T;

/** In most schedules a seal stands in for the signature, and what is one object has one text. */
export function useStandIns(seed: number, { strict, sharing }: Swarm): void {
  const random = new Prng(seed ^ 0x6e6f6e63);
  forgetSeals();
  const apart = sharing === "apart";
  const standIns: StandIns = {
    countersignSeal: strict ? undefined : (_, text, signature) => isSealed(text, signature),
    countersignText: apart ? undefined : texts(sharing === "frozen"),
    countersignHash: apart ? undefined : once(sharing === "frozen"),
    countersignFact: apart ? undefined : once(sharing === "frozen"),
    countersignNonce: () => random.nonce(),
  };
  Object.assign(globalThis, standIns);
}

/** Where the text of a part is known, that of the whole is put together. */
function texts(frozen: boolean): Once<string> {
  const made = new Map<unknown, string>();
  const put = once(frozen, made);
  return (value, make) => put(value, () => (hasKnownPart(value, made) ? joined(value, made, make) : make(value)));
}

type Fields = Readonly<Record<string, unknown>>;

function hasKnownPart(value: unknown, made: ReadonlyMap<unknown, string>): value is Fields {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) if (made.has((value as Fields)[key])) return true;
  return false;
}

function joined(fields: Fields, made: ReadonlyMap<unknown, string>, make: (value: unknown) => string): string {
  let text = "";
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    text += `${text === "" ? "{" : ","}${make(key)}:${made.get(field) ?? make(field)}`;
  }
  return `${text}}`;
}

/** Remembers what was made of each object: of what nobody changes any more. */
function once<T>(frozen: boolean, made = new Map<unknown, T>()): Once<T> {
  return (value, make) => {
    if (typeof value !== "object") return make(value);
    const known = made.get(value);
    if (known !== undefined) return known;
    const result = make(value);
    if (frozen) freeze(value);
    made.set(value, result);
    return result;
  };
}
