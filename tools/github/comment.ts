import { z } from "zod";
import type { GitHub } from "./api";

const MARKER = "<!-- access review -->";
/** What GitHub takes of a comment, in characters. */
const MOST = 65_536;

const comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ id: z.number() }).nullable(),
});
const viewer = z.object({ viewer: z.object({ databaseId: z.number() }) });

/**
 * Writes a comment on a pull request, in place of the one it wrote before. That one is known by its marker and by who
 * wrote it: anybody can write the marker, and what they wrote is not touched.
 * @param tooLong takes the place of a text that GitHub would refuse
 */
export async function writeComment(
  api: GitHub,
  repository: string,
  number: number,
  text: string,
  tooLong: string,
): Promise<void> {
  const marked = `${MARKER}\n${text}`;
  const body = marked.length > MOST ? `${MARKER}\n${tooLong}` : marked;
  const me = (await api.query("{ viewer { databaseId } }", {}, viewer)).viewer.databaseId;
  const all = await api.list(`/repos/${repository}/issues/${number}/comments`, comment);
  const mine = all.find((each) => each.user?.id === me && each.body?.startsWith(MARKER));
  if (mine) await api.send("PATCH", `/repos/${repository}/issues/comments/${mine.id}`, { body });
  else await api.send("POST", `/repos/${repository}/issues/${number}/comments`, { body });
}
