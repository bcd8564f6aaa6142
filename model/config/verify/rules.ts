import type { Rule } from "../rule";
import { jobRules } from "./job-rules";

/** Rules between the values of `verify` and others. */
export const verifyRules: readonly Rule[] = [...jobRules];
