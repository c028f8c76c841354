import { parseUtcText } from "@countersign/clock/clock";
import type { AccountMarks } from "@countersign/contracts/control";
import { type Decimal, isZero, ZERO } from "@countersign/money/decimal";
import { dayStartOf, type Flow, flowOf, LOOKS_KEPT, type Look, type LookAfter, movedWhileAway } from "./cash-flow.ts";
import { sessionOf } from "./session.ts";
import type { WatchConfig } from "./watch-config.ts";

/** The look on record is no older than this while somebody looks: each one costs a message of the control stream. */
const SEEN_EVERY_MS = 60_000;

interface Since {
  readonly marks: AccountMarks | undefined;
  readonly session: string;
  /** Nobody has looked for a while, or ever in this process. */
  readonly isAway: boolean;
}

/** The newest looks at one account, and what they show of deposits and withdrawals, also while nobody looked. */
export class Looks {
  readonly #config: Pick<WatchConfig, "flowPercentMin" | "sessionZone">;
  /** Oldest first. */
  #looks: readonly Look[] = [];
  /** The oldest one is from before a while in which nobody looked. */
  #isBack = false;

  constructor(config: Pick<WatchConfig, "flowPercentMin" | "sessionZone">) {
    this.#config = config;
  }

  /** Of the day whose first look this is; to be asked before `moved`, which counts what came and went meanwhile. */
  dayStart(look: LookAfter, { marks, isAway }: Omit<Since, "session">): Decimal {
    return dayStartOf(isAway ? [] : this.#known(marks), look, this.#config.flowPercentMin);
  }

  /** What moved without profit or loss since the looks before; after a while without any, since the one on record. */
  moved(look: LookAfter, { marks, session, isAway }: Since): { flow: Flow; whileAway: Decimal } {
    const { flowPercentMin } = this.#config;
    const known = isAway ? [] : this.#known(marks);
    const seen = isAway ? marks?.seen : undefined;
    const isNewDay = seen !== undefined && seen.session !== session;
    const whileAway = isNewDay ? movedWhileAway(seen, look, flowPercentMin) : ZERO;
    const before = seen === undefined || isNewDay ? known : [seen];
    this.#looks = [...before, look].slice(-LOOKS_KEPT);
    this.#isBack = (isAway ? seen !== undefined && !isNewDay : this.#isBack) && this.#looks.length < LOOKS_KEPT;
    const flow = flowOf(this.#looks, flowPercentMin);
    // Counted: what comes next is told from here on.
    if (!isZero(flow.confirmed)) this.#looks = this.#looks.slice(-1);
    return { flow, whileAway };
  }

  /** Another gate may have counted what older ones saw already. */
  #known(marks: AccountMarks | undefined): readonly Look[] {
    return this.#looks.filter(({ at }) => at >= (marks?.deposit?.at ?? ""));
  }

  /**
   * A rise that may have come while nobody looked, until it is told apart: it must not pass for a profit, nor hide a loss.
   * One that comes while the gate looks on needs no such care.
   */
  uncertain({ pending }: Flow): Decimal {
    return this.#isBack ? pending : ZERO;
  }

  /** The oldest look that is kept goes on record with whatever else changes, and now and then by itself. */
  withSeen(marks: AccountMarks, before: AccountMarks | undefined): AccountMarks {
    const [oldest] = this.#looks;
    if (oldest === undefined) return marks;
    const { value, daily, unrealized, at } = oldest;
    const isOld = marks.seen === undefined || parseUtcText(at) - parseUtcText(marks.seen.at) >= SEEN_EVERY_MS;
    if (!isOld && marks === before) return marks;
    const session = sessionOf(this.#config.sessionZone, parseUtcText(at));
    return { ...marks, seen: { session, value, daily, unrealized, at } };
  }
}
