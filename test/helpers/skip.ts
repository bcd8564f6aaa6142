import { test } from "@jest/globals";

/**
 * A test that needs something this machine may lack. Without it the test is skipped, and its name says why.
 * @param reason what is missing; undefined when nothing is
 */
export function testUnless(
  reason: string | undefined,
  name: string,
  run: () => void,
  timeout?: number,
): void {
  if (reason === undefined) test(name, run, timeout);
  else test.skip(`${name} [skipped: ${reason}]`, run);
}
