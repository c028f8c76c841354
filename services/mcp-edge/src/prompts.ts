import { AccountId, freeText, ProposalId } from "@countersign/contracts/primitives";
import { type GetPromptResult, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import type * as z from "zod";

interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly form: z.ZodType<string>;
}

interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** Said with the values of the arguments in the place of their names in braces. */
  readonly text: string;
}

const account = { name: "account", description: "IBKR account number, one of list_accounts", form: AccountId };
const proposal = { name: "proposal_id", description: "prop_ id of one of your proposals", form: ProposalId };
const intent = { name: "intent", description: "What is wanted, in plain words", form: freeText(500) };

/** Ways to begin. They say what to look at; nothing in them has to hold for anything to be safe. */
export const PROMPTS: readonly Prompt[] = Object.freeze([
  {
    name: "review_portfolio",
    title: "Review an account",
    description: "Looks at summary, positions, orders and limits of an account; proposes nothing.",
    arguments: [account],
    text:
      "Review the account {account}. Read get_account_summary, list_positions, list_orders and get_risk_limits. " +
      "Say what is held, what is open, how far each limit is away, and how old each figure is. Propose nothing.",
  },
  {
    name: "prepare_order",
    title: "Prepare an order",
    description: "From a wish in words to one proposal that a person can judge.",
    arguments: [account, intent],
    text:
      "For the account {account}, this is wanted: {intent}. Find the instrument with search_contracts and ask when several fit. " +
      "Read get_quote and get_risk_limits, then preview_order. Show what it would cost and which rules pass. " +
      "Only when the user agrees, call propose_order once with a new idempotency_key, and give the user approval_url: " +
      "a person decides there, not here.",
  },
  {
    name: "explain_rejection",
    title: "Explain why a proposal ended",
    description: "Why a proposal was denied, rejected or not sent, and what would be different.",
    arguments: [proposal],
    text:
      "Read get_proposal for {proposal_id}. Say in plain words why it is in its state: name each rule of the verdict that " +
      "denied with its limit and value, or the decision and its reason. Say what would have to change. Propose nothing.",
  },
]);

/** As `prompts/list` has them: made once, frozen. */
export const PROMPT_DEFINITIONS = Object.freeze(
  PROMPTS.map(({ name, title, description, arguments: given }) => ({
    name,
    title,
    description,
    arguments: given.map(({ name: argument, description: text }) => ({
      name: argument,
      description: text,
      required: true,
    })),
  })),
);

/** Throws -32602 for a prompt that there is not, and for a missing, unknown or malformed argument; repeats no value. */
export function promptOf(name: string, values: Readonly<Record<string, string>> = {}): GetPromptResult {
  const prompt = PROMPTS.find((one) => one.name === name);
  if (prompt === undefined) throw invalid("Unknown prompt");
  const known = new Set(prompt.arguments.map((argument) => argument.name));
  if (Object.keys(values).some((key) => !known.has(key))) throw invalid("INVALID_ARGUMENT: an argument is not known");
  const given = new Map<string, string>();
  for (const { name: argument, form } of prompt.arguments) {
    const value = form.safeParse(values[argument]);
    if (!value.success) throw invalid(`INVALID_ARGUMENT: ${argument} is missing or not well formed`);
    given.set(argument, value.data);
  }
  const text = prompt.text.replace(/\{(\w+)\}/g, (_, argument: string) => given.get(argument) ?? "");
  return { description: prompt.description, messages: [{ role: "user", content: { type: "text", text } }] };
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
