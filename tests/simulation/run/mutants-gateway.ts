import type { Mutant } from "./mutants.ts";

const GATEWAY = "services/broker-gateway/src";
const SEND = `${GATEWAY}/submit/send.ts`;
const INTENT = `${GATEWAY}/submit/intent.ts`;
const SETTLE = `${GATEWAY}/reconcile/settle.ts`;
const RECONCILER = `${GATEWAY}/reconcile/reconciler.ts`;
const PLAN = `${GATEWAY}/fold/plan.ts`;

/** One order once more, as somebody would write it who thinks that it was lost. */
const again = (order: string, orderId: string) =>
  `placeOrder({ ...${order}.sent, orderId: ${orderId}, orderRef: ${order}.orderRef, account: ${order}.account, ` +
  `contract: { conid: 265598, exchange: "SMART" }, whatIf: false, group: null })`;

export const GATEWAY_MUTANTS: readonly Mutant[] = [
  {
    name: "silent order sent again, new id",
    patches: [
      {
        file: SEND,
        from: "if (silent.length > 0) deps.reconcileSoon(reason);",
        to: `for (const { order } of silent) deps.link.connection()?.${again("order", "deps.orderIds.take()")};`,
      },
    ],
  },
  {
    name: "not found, so sent again",
    patches: [
      {
        file: RECONCILER,
        from: "const finding = await settle(actor, reading);",
        to: `const finding = await settle(actor, reading);
      if (finding === "absent") this.#deps.link.connection()?.${again("actor.order", "actor.order.orderId + 1_000")};`,
      },
    ],
  },
  {
    name: "same id sent again at reconnect",
    patches: [
      {
        file: RECONCILER,
        from: `await this.#once(epoch, "connected");`,
        to: `for (const { order } of this.#deps.table.list())
          if (order.permId === null && ["SEND_STARTED", "UNKNOWN"].includes(order.state))
            this.#deps.link.connection()?.${again("order", "order.orderId")};
        await this.#once(epoch, "connected");`,
      },
    ],
  },
  {
    name: "not found means rejected",
    patches: [
      {
        file: SETTLE,
        from: `if (isLost) await actor.take({ kind: "lost", reason, unacknowledgedOnly: false });`,
        to: `if (isLost) await actor.take({ kind: "ended", as: "rejected", text: reason });`,
      },
    ],
  },
  {
    name: "next id of TWS trusted",
    patches: [
      {
        file: `${GATEWAY}/order-ids.ts`,
        from: "if (!below) this.#next = orderId;",
        to: "this.#next = orderId;",
      },
    ],
  },
  {
    name: "only open orders read",
    patches: [
      {
        file: RECONCILER,
        from: "lists.completedOrders(),\n      lists.executions(),",
        to: "{ rows: [] },\n      { rows: [] },",
      },
    ],
  },
  {
    name: "sent before the intent",
    patches: [
      {
        file: INTENT,
        from: "  await departed();\n",
        to: `  const early = openedBy(intent, { account, agent, terms }).entry;
  deps.link.connection()?.${again("early", "early.orderId")};
  await departed();\n`,
      },
      {
        file: INTENT,
        from: `import type { IntentFact } from "../fold/exec-state.ts";`,
        to: `import { type IntentFact, openedBy } from "../fold/exec-state.ts";`,
      },
    ],
  },
  {
    name: "approval used up, then the intent",
    patches: [
      {
        file: INTENT,
        from: `const [appended, audited] = await Promise.allSettled([
    deps.execLog.append(account, intent, 0, logged.orderSequence),
    auditing,
  ]);`,
        to: `const used = { type: "brokerSaid/1", proposalId: intent.proposalId, at: intent.at, code: null, text: "used" } as const;
  const token = await deps.execLog.append(account, used, 0);
  const sequence = token.outcome === "appended" ? token.sequence : 0;
  const [appended, audited] = await Promise.allSettled([deps.execLog.append(account, intent, sequence), auditing]);`,
      },
    ],
  },
  {
    name: "intent looked up, then written, by two",
    patches: [
      {
        file: `${GATEWAY}/submit/submit.ts`,
        from: "const reserved = await deps.reserving.take();",
        to: "const reserved = () => undefined;",
      },
      {
        file: `${GATEWAY}/submit/submit.ts`,
        from: "return await deps.sendLane.run(() => send(deps, order, reserved));",
        to: "return await send(deps, order, reserved);",
      },
      {
        file: `${GATEWAY}/orders/exec-log.ts`,
        from: "const result = await this.#deps.bus.append(FACTS.exec, params, fact, condition);",
        to: `const seen = await this.#deps.bus.readLast(FACTS.exec, params);
      if (expectedSequence === 0 && seen !== undefined) return { outcome: "conflict", found: seen.body };
      const result = await this.#deps.bus.append(FACTS.exec, params, fact, {});`,
      },
    ],
  },
  {
    name: "signature not verified",
    patches: [
      {
        file: `${GATEWAY}/submit/submit.ts`,
        from: `if (verified.outcome === "denied") return refuse(deps, ticket, verified);`,
        to: "",
      },
    ],
  },
  {
    name: "execId not looked up",
    patches: [
      { file: PLAN, from: "if (order.executions.has(execution.execId)) return [];", to: "" },
      { file: PLAN, from: "if (known !== undefined) return corrected(order, execution, known);", to: "" },
    ],
  },
  {
    name: "kill switch not asked at the send",
    patches: [
      {
        file: SEND,
        from: `if (level === "HALTED") return stopped(actor, "KILL_SWITCH_HALTED", reason);`,
        to: "",
      },
      { file: SEND, from: "if (strictest(level, order.levelBefore) !== order.levelBefore)", to: "if (false)" },
    ],
  },
  {
    name: "claimed order called not sent",
    patches: [
      {
        file: `${GATEWAY}/submit/void-intent.ts`,
        from: `await actor.append({ type: "lost/1", reason: \`\${reason}; it was claimed for sending\` });`,
        to: `await actor.append({ type: "killedNotSent/1", code, reason });`,
      },
    ],
  },
  {
    name: "intent voided without a fence",
    patches: [
      {
        file: `${GATEWAY}/submit/void-intent.ts`,
        from: "const result = await claim(deps.bus, deps.view, { account, proposal: proposalId }, body, { account, agent, conids });",
        to: `const result = { outcome: "claimed", claim: body, sequence: 1 } as { outcome: string; claim: Claim };`,
      },
    ],
  },
  {
    name: "abandoned intents left alone",
    patches: [
      {
        file: `${GATEWAY}/reconcile/settle-intents.ts`,
        from: `if (actor.order.state !== "INTENT") continue;`,
        to: "continue;",
      },
    ],
  },
  {
    name: "reference made of the order id",
    patches: [
      {
        file: INTENT,
        from: "orderRef: orderRef(ticketHash),",
        to: "orderRef: orderRef(canonicalHash(String(deps.orderIds))),",
      },
    ],
  },
  {
    name: "approval not compared with the log",
    patches: [
      {
        file: `${GATEWAY}/submit/check-log.ts`,
        from: "if (!same) return denied(",
        to: "if (!same && same) return denied(",
      },
    ],
  },
  {
    name: "intent sent without its audit",
    patches: [
      {
        file: INTENT,
        from: `if (audited.status === "fulfilled") return`,
        to: `if (audited.status !== undefined) return`,
      },
    ],
  },
  {
    name: "expiry not looked at before the send",
    patches: [
      { file: SEND, from: "if (deps.clock.nowMs() >= parseUtcText(order.approvalExpiresAt))", to: "if (false)" },
    ],
  },
  {
    name: "every fill is the last",
    patches: [{ file: PLAN, from: `excess === 0 ? "filled/1"`, to: `excess <= 0 ? "filled/1"` }],
  },
  {
    name: "executions forgotten at a restart",
    patches: [
      {
        file: `${GATEWAY}/orders/order-table.ts`,
        from: "if (opened !== undefined) this.#add(opened, sequences.exec);",
        to: "if (opened !== undefined) this.#add({ ...opened, entry: { ...opened.entry, executions: new Map() } }, sequences.exec);",
      },
    ],
  },
  {
    name: "way back from 1100 not read",
    patches: [
      {
        file: `${GATEWAY}/session/link.ts`,
        from: `if (this.#opened) this.#reconcile(\`TWS \${code}\`);`,
        to: `if (this.#opened) this.record.set("up", "restored");`,
      },
    ],
  },
  {
    name: "late intent left alone",
    patches: [{ file: INTENT, from: "    settleLater(deps, input, intent);\n", to: "" }],
  },
  {
    name: "intent beside another decision",
    patches: [
      {
        file: INTENT,
        from: "deps.execLog.append(account, intent, 0, logged.orderSequence),",
        to: "deps.execLog.append(account, intent, 0),",
      },
    ],
  },
  {
    name: "quantity of another message",
    patches: [
      {
        file: `${GATEWAY}/submit/orders-of.ts`,
        from: "return { ...sent, orderId,",
        to: `return { ...sent, quantity: String(all.length), orderId,`,
      },
    ],
  },
];
