import { ProposalView } from "@countersign/contracts/proposal-view";

/** A proposal that waits for a person, parsed by its schema. */
export function pendingProposal(changes: Partial<ProposalView> = {}): ProposalView {
  const at = "2026-11-20T10:00:00.000Z";
  const hash = "a".repeat(64);
  const terms = {
    account: "DU1234567",
    conid: 265598,
    side: "BUY" as const,
    quantity: "10",
    orderType: "LMT" as const,
    limitPrice: "231.4",
    timeInForce: "DAY" as const,
  };
  const proposalId = `prop_${"a".repeat(26)}`;
  const usd = (amount: string) => ({ amount, currency: "USD" });
  return ProposalView.parse({
    proposalId,
    state: "PENDING_APPROVAL",
    mode: "simulator",
    agent: "agent",
    account: terms.account,
    terms,
    rationale: "trim",
    createdAt: at,
    expiresAt: "2026-11-20T10:02:00.000Z",
    ticket: {
      type: "countersign.ticket/1",
      proposalId,
      mode: "simulator",
      agent: "agent",
      terms,
      instrument: {
        conid: 265598,
        symbol: "AAPL",
        secType: "STK",
        exchange: "SMART",
        primaryExchange: "NASDAQ",
        currency: "USD",
        multiplier: "1",
        longName: "APPLE INC",
      },
      verdictHash: hash,
      policyHash: hash,
      createdAt: at,
      expiresAt: "2026-11-20T10:02:00.000Z",
      nonce: "n".repeat(22),
    },
    ticketHash: hash,
    verdict: {
      type: "countersign.verdict/1",
      outcome: "pass",
      rules: [
        {
          rule: "maxOrderQuantity",
          outcome: "pass",
          code: null,
          limit: "1000",
          value: "10",
          headroom: "990",
          unit: "shares",
          message: "10 of 1000",
        },
      ],
      policyHash: hash,
      inputsHash: hash,
      judgedAt: at,
    },
    simulation: {
      whatIf: {
        source: "broker",
        asOf: at,
        currency: "USD",
        initialMarginChange: "500",
        initialMarginAfter: "500",
        maintenanceMarginChange: "450",
        maintenanceMarginAfter: "450",
        equityWithLoanAfter: "100000",
        commission: usd("1"),
        commissionMin: null,
        commissionMax: null,
        warning: "held\u202e until open",
      },
      estimate: {
        source: "estimate",
        asOf: at,
        price: usd("231.4"),
        notional: usd("2314"),
        notionalBase: usd("2314"),
        fxRate: "1",
        commission: usd("1"),
        slippage: usd("0"),
        positionBefore: "0",
        positionAfter: "10",
        cashBefore: usd("100000"),
        cashAfter: usd("97685"),
      },
    },
    decision: null,
    order: null,
    history: [],
    ...changes,
  });
}
