import { describe, expect, test } from "@jest/globals";
import { texts } from "../helpers/app";
import type { TerraformJson } from "../helpers/construct";
import { references, resolves } from "../helpers/references";

/** What the stacks of an environment refer to is there. */
export function referencePromises(stacks: ReadonlyMap<string, TerraformJson>): void {
  describe.each([...stacks])("%s", (_, stack) => {
    test("refers only to what its own file declares", () => {
      expect(references(stack).filter(({ reference }) => !resolves(stack, reference))).toEqual([]);
    });

    test("reads only outputs that the other stack has", () => {
      const inputs = texts(stack).flatMap(({ text }) => [
        ...text.matchAll(/terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)/g),
      ]);
      for (const [, producer = "", output = ""] of inputs) {
        expect(Object.keys(stacks.get(producer)?.output ?? {})).toContain(output);
      }
    });
  });
}
