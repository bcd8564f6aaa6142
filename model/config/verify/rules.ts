import type { Rule } from "../rule";
import { acceptedRules } from "./accepted-rules";
import { jobRules } from "./job-rules";

/** Rules between the values of `verify` and others. */
export const verifyRules: readonly Rule[] = [...acceptedRules, ...jobRules];
