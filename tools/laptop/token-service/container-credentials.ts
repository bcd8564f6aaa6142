import { randomBytes, randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { type CredentialsAppOptions, credentialsApp, credentialsBody, forbidden } from "./credentials-app";
import type { SessionCredentials } from "./local-iam";
import { sameSignature, sha256 } from "./signature";

/** Where the containers of a task get their credentials, and what they show for them. */
export interface TaskCredentials {
  /** Path, which nobody can guess. */
  readonly path: string;
  /** For AWS_CONTAINER_AUTHORIZATION_TOKEN. */
  readonly authorization: string;
}

/** The credentials endpoint of the container agent of Amazon ECS. */
export interface ContainerCredentials {
  readonly app: Hono;
  /**
   * Lets a task get credentials, new ones each time.
   * @param take takes its role; throws an StsError when it is not trusted
   */
  run(take: () => SessionCredentials): TaskCredentials;
}

/**
 * The endpoint at 169.254.170.2, where the path is all that a task shows. On this machine, where others could listen at the
 * same address, it shows an authorization token, too, as the SDKs read it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export function containerCredentials(options: Omit<CredentialsAppOptions, "name">): ContainerCredentials {
  const tasks = new Map<string, { readonly authorization: string; take(): SessionCredentials }>();
  const app = credentialsApp({ ...options, name: "container credentials" });
  app.get("/v2/credentials/:id", (context) => {
    const task = tasks.get(context.req.param("id"));
    const given = context.req.header("authorization") ?? "";
    // The same for a task that is none, so that nobody finds out by asking.
    if (!task || !sameSignature(sha256(given), sha256(task.authorization))) {
      throw forbidden(task ? "not the authorization token of the task" : "there is no such task");
    }
    const credentials = task.take();
    return context.json({ RoleArn: credentials.roleArn, ...credentialsBody(credentials) });
  });
  return {
    app,
    run: (take) => {
      const id = randomUUID();
      const authorization = randomBytes(32).toString("base64url");
      tasks.set(id, { authorization, take });
      return { path: `/v2/credentials/${id}`, authorization };
    },
  };
}
