import { denied, Fault, ok } from "@countersign/contracts/denial";
import { describe, expect, test } from "vitest";
import { edgeUnderTest } from "./testing/edge-under-test.ts";
import { pendingProposal } from "./testing/examples.ts";
import { appOf, call, ERAS, post } from "./testing/wire.ts";

const PROPOSAL = pendingProposal().proposalId;
const limits = { account: "DU1234567", policyHash: "0".repeat(64), limits: [] };
const answers = {
  "rpc.v1.risk.limits": () => ok(limits),
  "rpc.v1.proposal.get": ({ proposalId }: { proposalId: string }) =>
    proposalId === PROPOSAL ? ok(pendingProposal()) : denied("PROPOSAL_NOT_FOUND"),
  "rpc.v1.proposal.list": () => ok({ items: [pendingProposal()], nextCursor: null }),
};
const address = (rest: string) => `ibkr://${rest}`;

describe.each(ERAS)("%s: resources", (era) => {
  const { edge, backend } = edgeUnderTest(answers);
  const app = appOf(edge);
  const read = async (uri: string) => (await post(app, era, "resources/read", { uri }, { "mcp-name": uri })).body;

  test("those of the agent's accounts are listed, and the forms of all", async () => {
    const { resources } = (await post(app, era, "resources/list")).body.result;
    expect(resources.map(({ uri }: { uri: string }) => uri)).toEqual([
      address("accounts/DU1234567/positions"),
      address("accounts/DU1234567/risk-limits"),
    ]);
    const { resourceTemplates } = (await post(app, era, "resources/templates/list")).body.result;
    expect(resourceTemplates.map(({ uriTemplate }: { uriTemplate: string }) => uriTemplate)).toEqual([
      address("accounts/{account}/positions"),
      address("accounts/{account}/risk-limits"),
      address("proposals/{proposal_id}"),
    ]);
  });

  test.each([
    [`proposals/${PROPOSAL}`, "get_proposal", { proposal_id: PROPOSAL }],
    ["accounts/DU1234567/risk-limits", "get_risk_limits", { account: "DU1234567" }],
  ])("%s is what %s answers, and on the record as such", async (rest, name, args) => {
    const { contents } = (await read(address(rest))).result;
    expect(contents).toMatchObject([{ uri: address(rest), mimeType: "application/json" }]);
    expect(JSON.parse(contents[0].text)).toEqual((await call(app, name, args, era)).value);
    await expect.poll(() => backend.records.filter(({ body }) => body.tool === name).length).toBeGreaterThan(1);
  });

  test.each([
    "accounts/DU7654321/risk-limits",
    "accounts/DU9999999/risk-limits",
    `proposals/prop_${"b".repeat(26)}`,
    "proposals/../accounts",
    "accounts/DU1234567/positions/../../..",
    "accounts//positions",
    "",
  ])("%j -> not found, the same whether it is forbidden, absent or malformed", async (rest) => {
    const { error } = await read(address(rest));
    expect([error.code, error.data]).toEqual([-32602, { uri: address(rest) }]);
  });

  test("a fault of the broker -> its stable code, and no empty answer", async () => {
    const failing = edgeUnderTest({ "rpc.v1.risk.limits": () => Promise.reject(new Fault("BROKER_UNAVAILABLE")) });
    const uri = address("accounts/DU1234567/risk-limits");
    const { error } = (await post(appOf(failing.edge), era, "resources/read", { uri }, { "mcp-name": uri })).body;
    expect(error).toMatchObject({ code: -32000, data: { code: "BROKER_UNAVAILABLE", retryable: true } });
  });

  test("an agent without the tool has no such resource", async () => {
    const few = appOf(edgeUnderTest(answers, { tools: ["list_accounts"] }).edge);
    expect((await post(few, era, "resources/list")).body.result.resources).toEqual([]);
    const uri = address(`proposals/${PROPOSAL}`);
    const { error } = (await post(few, era, "resources/read", { uri }, { "mcp-name": uri })).body;
    expect(error.data).toEqual({ uri });
  });
});

describe.each(ERAS)("%s: prompts and completion", (era) => {
  const { edge } = edgeUnderTest(answers);
  const app = appOf(edge);
  const get = async (name: string, given?: Record<string, string>) =>
    (await post(app, era, "prompts/get", { name, ...(given === undefined ? {} : { arguments: given }) })).body;
  const completed = async (ref: object, name: string, value: string) =>
    (await post(app, era, "completion/complete", { ref, argument: { name, value } })).body;

  test("three are listed, and none leads past the person", async () => {
    const { prompts } = (await post(app, era, "prompts/list")).body.result;
    expect(prompts.map(({ name }: { name: string }) => name)).toEqual([
      "review_portfolio",
      "prepare_order",
      "explain_rejection",
    ]);
    const { messages } = (await get("prepare_order", { account: "DU1234567", intent: "ten of Apple" })).result;
    expect(messages[0].content.text).toContain("For the account DU1234567, this is wanted: ten of Apple.");
    expect(messages[0].content.text).toContain("a person decides there, not here");
  });

  test("what stands in braces in a value stays text", async () => {
    const { messages } = (await get("prepare_order", { account: "DU1234567", intent: "{account} $& {intent}" })).result;
    expect(messages[0].content.text).toContain("wanted: {account} $& {intent}.");
  });

  test.each([
    ["nothing_like_it", {}],
    ["review_portfolio", undefined],
    ["review_portfolio", { account: "DU1234567", approve: "true" }],
    ["review_portfolio", { account: "all of them" }],
    ["prepare_order", { account: "DU1234567", intent: "a\u202eb" }],
    ["explain_rejection", { proposal_id: "\ud800" }],
    ["constructor", {}],
  ])("%s with %j -> -32602, and no value is repeated", async (name, given) => {
    const { error } = await get(name, given);
    expect(error.code).toBe(-32602);
    expect(error.message).not.toContain("all of them");
  });

  test("accounts and proposals of this agent are completed, and nothing else is", async () => {
    const review = { type: "ref/prompt", name: "review_portfolio" };
    expect((await completed(review, "account", "DU1")).result.completion.values).toEqual(["DU1234567"]);
    expect((await completed(review, "account", "DU7")).result.completion.values).toEqual([]);
    const template = { type: "ref/resource", uri: "ibkr://proposals/{proposal_id}" };
    expect((await completed(template, "proposal_id", "prop_")).result.completion.values).toEqual([PROPOSAL]);
    expect((await completed(template, "account", "")).error.code).toBe(-32602);
    expect((await completed({ type: "ref/prompt", name: "none" }, "account", "")).error.code).toBe(-32602);
  });
});
