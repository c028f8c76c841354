import type { Fact } from "@countersign/contracts/contract-kinds";
import type { Facet } from "@countersign/contracts/life";
import type { AnyFact } from "@countersign/orders/fold";
import type { FeedFact } from "@countersign/orders/projection";
import { ACCOUNT } from "../test-support.ts";

interface Conditions {
  readonly expectedSequence?: number;
  readonly expectedOrderSequence?: number;
}

/** The logs of one order, with the conditions of their appends. */
export class Logs {
  readonly stored: FeedFact[] = [];
  /** Called when an append is on its way. */
  onAppend: () => void = () => undefined;
  onStored: (fact: FeedFact) => void = () => undefined;

  last(facet?: string): FeedFact | undefined {
    return this.stored.findLast((one) => facet === undefined || one.facet === facet);
  }

  typesOf(facet: Facet): string[] {
    return this.stored.filter((one) => one.facet === facet).map(({ body }) => body.type);
  }

  put(facet: Facet, body: AnyFact): number {
    const { proposalId } = body;
    const fact = { sequence: this.stored.length + 1, account: ACCOUNT, proposalId, facet, body };
    this.stored.push(fact);
    this.onStored(fact);
    return fact.sequence;
  }

  readonly bus = {
    streamState: async () => ({ lastSequence: this.stored.length }),
    readLast: async (fact: Fact) => this.last(facetOf(fact)),
    append: async (fact: Fact, _: object, body: AnyFact, expected: Conditions) => {
      this.onAppend();
      const facet = facetOf(fact);
      const own = expected.expectedSequence === (this.last(facet)?.sequence ?? 0);
      const whole = (expected.expectedOrderSequence ?? this.last()?.sequence) === this.last()?.sequence;
      return own && whole ? { outcome: "appended", sequence: this.put(facet, body) } : { outcome: "conflict" };
    },
  };
}

function facetOf({ subject }: Fact): Facet {
  return subject.slice(subject.lastIndexOf(".") + 1) as Facet;
}
