import { describe, expect, test } from "@jest/globals";
import { kindOf } from "../../../../model/config/review/kinds";
import { jsonReport } from "../../../../tools/review/report/json-report";
import { markdownReport } from "../../../../tools/review/report/markdown-report";
import { textReport } from "../../../../tools/review/report/text-report";
import { KINDS, reviewOf } from "./made";

describe.each(KINDS)("a finding of kind %s", (kind) => {
  const { effect, decision } = kindOf(kind);
  const review = reviewOf({
    dev: [{ kind, subject: "shop.a_b", text: "shop.a_b: it changes", details: ["exactly so"] }],
  });

  test("is told on a terminal, or counted when it is allowed", () => {
    const text = textReport(review);
    const [first, second] = text.split("\n");
    expect([first, second?.trim()]).toEqual(
      {
        approve: ["To approve in dev:", `${effect.padEnd(8)}  shop.a_b: it changes`],
        notify: ["To know in dev:", `${effect.padEnd(8)}  shop.a_b: it changes`],
        allow: [`Allowed: 1 ${kind}`, "a8f9b43 → working tree: nothing to approve"],
      }[decision],
    );
    expect(text.includes("\n              exactly so\n")).toBe(decision === "approve");
  });

  test("is told in a pull request, under what is to be done about it", () => {
    const markdown = markdownReport(review);
    const word = effect === "widened" ? "**widened**" : effect;
    const head = {
      approve: "### To approve\n\n",
      notify: "### To know\n\n",
      allow: "<details><summary>Allowed: 1 finding</summary>\n\n",
    }[decision];
    expect(markdown).toContain(`${head}- ${word} \`shop.a_b\`: it changes\n`);
    expect(markdown.includes("exactly so")).toBe(decision === "approve");
  });

  test("is in the JSON, with all that is known of it", () => {
    expect(JSON.parse(jsonReport(review)).environments[0].findings).toEqual([
      { decision, effect, kind, subject: "shop.a_b", text: "shop.a_b: it changes", details: ["exactly so"] },
    ]);
  });
});
