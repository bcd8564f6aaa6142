import { afterAll, expect, test } from "@jest/globals";
import { GitProject } from "../helpers/git-project";
import { blocks, page } from "./pages";

const project = new GitProject();
afterAll(() => project.remove());

/** What is another for each commit, and for each version of a text. */
function masked(text: string): string {
  return text.replace(/\b[\da-f]{40}\b/g, "<digest>").replace(/^[\da-f]{10} /m, "<commit> ");
}

test("README's review is what npm run review prints for that change, which is one finding and exit code 2", () => {
  const shown = blocks(page("README.md")).find(({ text }) => text.includes("--approve"))?.text ?? "";
  project.repository.edit("environments/dev.yaml", "shop.billing: read-only }", "shop.billing: read-write }");
  const { status, stdout } = project.review(["dev"]);
  expect(masked(stdout)).toBe(masked(shown));
  expect(status).toBe(2);
  const digest = /--approve ([\da-f]{40})$/m.exec(stdout)?.[1] ?? "";
  expect(project.review(["dev", "--approve", digest]).status).toBe(0);
});
