import { expect, test } from "@jest/globals";
import { writeComment } from "../../../tools/github/comment";
import { AUTHOR, BOT, FakeGitHub, REPOSITORY } from "./fake-github";

const write = ({ api }: FakeGitHub, text: string) => writeComment(api, REPOSITORY, 12, text);

test("the first review is a comment, and later ones take its place", async () => {
  const github = new FakeGitHub();
  await write(github, "first");
  await write(github, "second");
  expect(github.knows.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/second$/)]);
});

test("a comment of somebody else is left alone, whatever it begins with", async () => {
  const github = new FakeGitHub();
  await write(github, "mine");
  const [mine] = github.knows.comments;
  const theirs = { id: 5, body: mine?.body ?? "", user: AUTHOR };
  const ghost = { id: 6, body: mine?.body ?? "", user: null };
  github.knows.comments.unshift({ ...theirs }, { ...ghost });
  await write(github, "mine again");
  expect(github.knows.comments.slice(0, 2)).toEqual([theirs, ghost]);
  expect(github.knows.comments[2]?.body).toMatch(/mine again$/);
  expect(github.knows.comments).toHaveLength(3);
});

test("another comment of the same bot is left alone", async () => {
  const github = new FakeGitHub();
  const other = { id: 5, body: "Coverage\n<!-- access review -->", user: BOT };
  github.knows.comments.push({ ...other });
  await write(github, "review");
  expect(github.knows.comments).toEqual([other, expect.objectContaining({ user: BOT })]);
});

test("its comment is found beyond the first page", async () => {
  const github = new FakeGitHub();
  github.knows.comments = Array.from({ length: 130 }, (_, id) => ({ id, body: "chat", user: AUTHOR }));
  await write(github, "first");
  await write(github, "second");
  expect(github.knows.comments).toHaveLength(131);
});
