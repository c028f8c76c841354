import { DENIALS, FAULTS } from "@countersign/contracts/codes";
import { type Denial, Fault, TEMPORARY_DENIALS } from "@countersign/contracts/denial";
import { invalidFields } from "@countersign/http/invalid-fields";
import { cleanUntrusted } from "@countersign/log/logger";
import type { CallToolResult } from "@modelcontextprotocol/server";
import type * as z from "zod";
import { toSnake } from "./wire/snake.ts";

const AUDIT_ID = "countersign/audit_id";

/** The value twice: as structured content, and as text for clients that show only that. */
export function successResult(value: Record<string, unknown>, callId: string): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(value) }],
    structuredContent: value,
    _meta: { [AUDIT_ID]: callId },
  };
}

/** An error has no structured content: it would not fit the tool's output schema, and strict clients throw it away then. */
function errorResult(error: Record<string, unknown>, callId: string): CallToolResult {
  const text = JSON.stringify({ error: { ...error, audit_id: callId } });
  return { isError: true, content: [{ type: "text", text }], _meta: { [AUDIT_ID]: callId } };
}

/** A denial as the error of a tool, its numbers beside its code, in snake case. */
export function denialResult(denial: Denial, callId: string): CallToolResult {
  const { code, message, detail } = denial;
  const base = { code, message, retryable: TEMPORARY_DENIALS.includes(code), effect: "none" };
  return errorResult({ ...base, ...(detail === undefined ? {} : (toSnake(detail) as object)) }, callId);
}

/** Only the table's text reaches an agent: messages of faults name hosts, subjects and files. */
export function faultResult(error: unknown, callId: string): CallToolResult {
  const fault = error instanceof Fault ? error : new Fault("INTERNAL");
  const { code, retryable, effect } = fault;
  const message =
    code === "AUDIT_UNAVAILABLE" && effect === "unknown"
      ? "The call was carried out, but its record was not confirmed. Look with get_proposal, or repeat with the same idempotency_key."
      : FAULTS[code].text;
  const brokerText = code === "BROKER_REFUSED" ? { untrusted: { message: cleanUntrusted(fault.message) } } : {};
  return errorResult({ code, message, retryable, effect, ...brokerText }, callId);
}

/** Names every argument that is wrong, and what would be right; never repeats a value. */
export function invalidArguments(error: z.ZodError, callId: string): CallToolResult {
  const { message, fields } = invalidFields(error, { whole: "arguments", unknownKey: "is no argument of this tool" });
  const text = message || DENIALS.INVALID_ARGUMENT.text;
  return denialResult({ code: "INVALID_ARGUMENT", message: text, detail: { fields } }, callId);
}
