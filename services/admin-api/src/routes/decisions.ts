import { Fault } from "@countersign/contracts/denial";
import { ProposalId, Sha256Hex } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import { sha256Hex } from "@countersign/ids/hash";
import * as z from "zod";
import type { Backend } from "../backend.ts";
import { expectOk } from "../problem.ts";
import { defineRoute } from "../route.ts";
import { ById } from "./proposals.ts";

/** More pages than a decision can have: a book of many thousand positions is a few megabytes. */
const PAGES_MAX = 500;

export const getDecision = defineRoute({
  method: "get",
  path: "/api/v1/proposals/{id}/decision",
  id: "getDecision",
  summary: "Everything behind the verdict of a proposal: terms, facts, policy and verdict, to be verified offline",
  scope: "read",
  reads: true,
  params: ById,
  query: z.strictObject({
    inputsHash: Sha256Hex.optional().describe("Of another verdict of it, such as the one before the send"),
  }),
  response: z
    .looseObject({ type: z.literal("countersign.decision/2"), proposalId: ProposalId, inputsHash: Sha256Hex })
    .describe("What `countersign decision verify` reads"),
  async handle({ params, query, services }) {
    const file = await wholeFile(services.backend, params.id, query.inputsHash ?? null);
    return JSON.parse(file.toString());
  },
});

/** Page by page; a page of another file than the first one is a fault, and nothing is put together from two. */
async function wholeFile(backend: Backend, proposalId: string, inputsHash: string | null): Promise<Buffer> {
  const pages: Buffer[] = [];
  let from: number | null = 0;
  let sha256 = "";
  for (let count = 0; from !== null && count < PAGES_MAX; count += 1) {
    const request = { proposalId, inputsHash, from };
    const page: { page: string; next: number | null; sha256: string } = expectOk(
      await backend.request(RPCS.judgedFile, request, { correlationId: proposalId }),
    );
    pages.push(Buffer.from(page.page, "base64"));
    ({ next: from, sha256 } = page);
  }
  const file = Buffer.concat(pages);
  if (sha256Hex(file) !== sha256) throw new Fault("CONFLICT", "the record changed while it was read; ask again");
  return file;
}
