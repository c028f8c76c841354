import { element, replace } from "./dom.js";

/** What was read longer ago is not what is, whatever this page looks like. */
const CURRENT_MS = 5_000;

let readAt = Number.NEGATIVE_INFINITY;
/** Also by the wall clock: the other one stands still while the machine sleeps. */
let readWall = 0;
let problem = "";
let shown = "";

/** Whether the page shows what the server said just now: only then can a ticket on it be approved. */
export function isCurrent() {
  const ageMs = Math.max(performance.now() - readAt, Date.now() - readWall);
  return problem === "" && ageMs <= CURRENT_MS;
}

/** A whole round of questions was answered. */
export function answered() {
  readAt = performance.now();
  readWall = Date.now();
  problem = "";
  look();
}

/** A round was not answered, or refused; it stands there until one is. */
export function lost(text) {
  problem = text;
  look();
}

/** Nobody is signed in: there is nothing to be current. */
export function forget() {
  readWall = 0;
  readAt = Number.NEGATIVE_INFINITY;
  problem = "";
  shown = "";
  replace("connection");
  document.body.removeAttribute("data-old");
}

/** Says that what is shown is old. The same words are written once, so that nobody hears them with every round. */
export function look() {
  if (readWall === 0 && problem === "") return;
  const since = readWall === 0 ? "" : ` What is shown is as it was at ${new Date(readWall).toLocaleTimeString()}.`;
  const why = problem === "" ? "The admin API does not answer." : problem;
  if (!isCurrent()) replace("health", "State not known");
  const text = isCurrent() ? "" : `${why.replace(/\.?$/, ".")}${since} Nothing can be approved until it answers.`;
  if (text === shown) return;
  shown = text;
  document.body.toggleAttribute("data-old", text !== "");
  replace("connection", text === "" ? [] : element("p", {}, text));
}
