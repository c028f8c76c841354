import { SCAN_LOCATIONS, SCAN_TYPES } from "./scan.ts";

/** Filters that a scan obeys, as field code and display name. */
const FILTERS: readonly (readonly [id: string, name: string, above: string, below: string])[] = [
  ["PRICE", "Price", "priceAbove", "priceBelow"],
  ["VOLUME", "Volume", "volumeAbove", ""],
];

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function instruments(): string[] {
  return [...new Set([...SCAN_LOCATIONS.values()].map((location) => location.instrument))];
}

function instrumentList(): string {
  const rows = instruments().map((type) =>
    element("Instrument", element("name", type) + element("type", type) + element("secType", type.split(".")[0] ?? "")),
  );
  return `<InstrumentList varName="instrumentList">${rows.join("\n")}</InstrumentList>`;
}

function locationTree(): string {
  const rows = [...SCAN_LOCATIONS].map(([code, { name, instrument }]) => {
    const names = element("displayName", escaped(name)) + element("locationCode", code);
    return element("Location", names + element("instruments", instrument));
  });
  return `<LocationTree varName="locationTree">${rows.join("\n")}</LocationTree>`;
}

function scanTypeList(): string {
  const rows = [...SCAN_TYPES].map(([code, { name }]) => {
    const names = element("displayName", escaped(name)) + element("scanCode", code);
    return element("ScanType", names + element("instruments", instruments().join(",")));
  });
  return `<ScanTypeList varName="scanTypeList">${rows.join("\n")}</ScanTypeList>`;
}

function filterList(): string {
  const rows = FILTERS.map(([id, name, ...codes]) => {
    const fields = codes.filter((code) => code !== "").map((code) => element("AbstractField", element("code", code)));
    return element("RangeFilter", element("id", id) + element("displayName", name) + fields.join(""));
  });
  return `<FilterList varName="filterList">${rows.join("\n")}</FilterList>`;
}

/** The answer to reqScannerParameters: exactly the scans, places and filters that a subscription obeys. */
export function scannerParametersXml(): string {
  const lists = [instrumentList(), locationTree(), scanTypeList(), filterList()].join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ScanParameterResponse>\n${lists}\n</ScanParameterResponse>\n`;
}
