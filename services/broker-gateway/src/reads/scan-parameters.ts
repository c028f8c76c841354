import { Fault } from "@countersign/contracts/denial";
import { cleanText } from "../session/wire-numbers.ts";

interface Named {
  readonly code: string;
  readonly name: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The codes of the scanner's XML, which as a whole is too long for one message. Throws a Fault when it has none. */
export function scanParametersOf(xml: string): { instruments: Named[]; locations: Named[]; scans: Named[] } {
  const lists = {
    instruments: namedIn(xml, { element: "Instrument", code: "type", name: "name" }),
    locations: namedIn(xml, { element: "Location", code: "locationCode", name: "displayName" }),
    scans: namedIn(xml, { element: "ScanType", code: "scanCode", name: "displayName" }),
  };
  if (lists.scans.length === 0) throw new Fault("BROKER_REFUSED", "TWS sent scanner parameters without a scan");
  return {
    instruments: lists.instruments.slice(0, 200),
    locations: lists.locations.slice(0, 600),
    scans: lists.scans.slice(0, 800),
  };
}

/** Locations lie inside locations, so each element is read up to its first code and name only. */
function namedIn(xml: string, what: { element: string; code: string; name: string }): Named[] {
  const found = new Map<string, Named>();
  for (const part of xml.split(`<${what.element}>`).slice(1)) {
    const head = part.slice(0, 4_000);
    const code = textOf(head, what.code, 60);
    const name = textOf(head, what.name, 200);
    if (code !== "" && !found.has(code)) found.set(code, { code, name });
  }
  return [...found.values()];
}

function textOf(xml: string, element: string, lengthMax: number): string {
  const start = xml.indexOf(`<${element}>`);
  const end = xml.indexOf(`</${element}>`, start);
  if (start < 0 || end < 0) return "";
  const text = xml.slice(start + element.length + 2, end).replace(/&([a-z]+);/g, (all, name) => ENTITIES[name] ?? all);
  return cleanText(text, lengthMax);
}
