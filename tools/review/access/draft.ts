import type { Finding } from "../finding";

/** A finding that what follows from it can still be put to. */
export interface Draft extends Finding {
  readonly details: string[];
  readonly also: Finding[];
}

/** Begins a finding. */
export function draft(finding: Omit<Finding, "also">): Draft {
  return { ...finding, details: [...(finding.details ?? [])], also: [] };
}

/** The finding as others see it: without lists that stayed empty. */
export function finished({ details, also, ...finding }: Draft): Finding {
  return { ...finding, ...(details.length > 0 && { details }), ...(also.length > 0 && { also }) };
}
