import { servicePrincipal } from "../../../model/aws/regions";
import type { Account } from "./account";
import { containerCredentials, type TaskCredentials } from "./container-credentials";
import { instanceMetadata } from "./instance-metadata";
import type { SessionCredentials } from "./local-iam";
import { serveApp } from "./serve-app";
import { callBy, type ServiceCall } from "./service-call";

/** Options for {@link startWorkloads}. */
export interface WorkloadsOptions {
  readonly iam: Account;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  /** Takes a line for each refusal, with its reason, never a token or a secret. */
  readonly log: (line: string) => void;
  /** The time in milliseconds since 1970. */
  readonly clock: () => number;
}

/** What runs on Lambda, ECS and EC2 gets the credentials of its role as it does there. */
export interface Workloads {
  /**
   * Credentials that Lambda puts into the environment of a function.
   * @throws StsError AccessDenied when the role does not trust Lambda
   */
  invoke(roleArn: string): SessionCredentials;
  /** Starts a task of ECS with a task role; its credentials are read at `url`, which no other task can. */
  run(roleArn: string): Omit<TaskCredentials, "path"> & { readonly url: string };
  /**
   * Starts an instance of EC2 with a role.
   * @returns address of its metadata service
   * @throws Error when the role is in no instance profile: EC2 starts no instance with one that is not
   */
  launch(roleArn: string): Promise<string>;
  stop(): Promise<void>;
}

/** What each service says when it takes a role for a workload of an account. */
export type ServiceOf = Readonly<Record<"ec2" | "ecs" | "lambda", Omit<ServiceCall, "roleArn">>>;

/**
 * The requests of the services. ECS alone says of what account and what task it asks; what Lambda and EC2 say of an
 * execution role and an instance's role is not documented, and nothing is said here.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function servicesOf({
  account,
  partition,
  region,
}: Pick<WorkloadsOptions, "account" | "partition" | "region">): ServiceOf {
  return {
    lambda: { service: "lambda.amazonaws.com", sessionName: "laptop-function" },
    ecs: {
      service: "ecs-tasks.amazonaws.com",
      sessionName: "laptop-task",
      context: {
        "aws:SourceAccount": account,
        "aws:SourceArn": `arn:${partition}:ecs:${region}:${account}:task/laptop/laptop-task`,
      },
    },
    ec2: { service: servicePrincipal("ec2", region), sessionName: "i-0123456789abcdef0" },
  };
}

/** Starts what gives credentials to workloads, on free ports of 127.0.0.1. */
export async function startWorkloads(options: WorkloadsOptions): Promise<Workloads> {
  const { iam, region, log, clock } = options;
  const services = servicesOf(options);
  const container = containerCredentials({ log });
  const servers = [await serveApp(container.app)];
  const [{ port } = { port: 0 }] = servers;
  return {
    invoke: (roleArn) => callBy(iam, { ...services.lambda, roleArn }),
    run: (roleArn) => {
      const { path, authorization } = container.run(() => callBy(iam, { ...services.ecs, roleArn }));
      return { url: `http://127.0.0.1:${port}${path}`, authorization };
    },
    launch: async (roleArn) => {
      if (!iam.role(roleArn)?.inInstanceProfile)
        throw new Error(`no instance profile has the role ${roleArn}`);
      const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
      const take = () => callBy(iam, { ...services.ec2, roleArn });
      const server = await serveApp(instanceMetadata({ role, region, take, log, clock }));
      servers.push(server);
      return `http://127.0.0.1:${server.port}`;
    },
    stop: async () => {
      for (const server of servers.splice(0)) await server.close();
    },
  };
}
