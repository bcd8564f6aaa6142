import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { readSettings } from "../../../board/settings";
import { BoardDeployment } from "../../../constructs/board/board-deployment";
import { MigrationJob } from "../../../constructs/board/migration-job";
import { type ProgramPod, programPodSpec } from "../../../constructs/shared/program-pod";
import { VerifyJob } from "../../../constructs/verify/verify-job";
import { connectionVariables } from "../../../model/access/connection";
import { accessPlan } from "../../../model/access/plan";
import { only, synthConstruct } from "../../helpers/construct";
import { parse } from "../../helpers/environment";
import { POD } from "../board/board";

const KINDS: readonly [string, string, (pod: ProgramPod) => object][] = [
  [
    "the web pods",
    "server.js",
    (pod) =>
      only(
        synthConstruct((stack) => {
          new BoardDeployment(stack, "web", { ...pod, name: "board", hosts: [], dependsOn: [] });
        }),
        "kubernetes_deployment_v1",
      ),
  ],
  [
    "the migration's pods",
    "migrate.js",
    (pod) =>
      only(
        synthConstruct((stack) => {
          new MigrationJob(stack, "migration", { ...pod, app: "board", name: "m", dependsOn: [] });
        }),
        "kubernetes_job_v1",
      ),
  ],
];

const JOB: (typeof KINDS)[number] = [
  "the pods of the job that verifies",
  "verify.js",
  (pod) => {
    const stack = synthConstruct((scope) => {
      const job = { name: "verify", schedule: "0 5 * * *", plan: "{}", dependsOn: [] };
      new VerifyJob(scope, "job", { ...pod, ...job });
    });
    // As the others are: a Job's template is a level deeper.
    return JSON.parse(JSON.stringify(only(stack, "kubernetes_cron_job_v1"))).spec.job_template;
  },
];

describe.each([...KINDS, JOB])("%s", (_, program, build) => {
  const resource = build(POD);
  const withSpec = (spec: object) => ({ spec: { template: { spec } } });
  const withContainer = (container: object) => withSpec({ container: [container] });

  // What each container says of it, test/stacks/security-promises.ts looks at in every stack.
  test("satisfy the Pod Security Standard restricted", () => {
    expect(resource).toMatchObject(
      withSpec({
        security_context: {
          run_as_non_root: true,
          run_as_user: expect.stringMatching(/^[1-9]\d{3,}$/),
          seccomp_profile: { type: "RuntimeDefault" },
        },
      }),
    );
    expect(resource).toMatchObject(
      withContainer({
        security_context: { privileged: false, read_only_root_filesystem: true },
      }),
    );
    expect(JSON.stringify(resource)).not.toMatch(/host_(network|pid|ipc|path|port)|empty_dir|secret|"add"/);
  });

  test("run one program of the image as one ServiceAccount, and cannot talk to the Kubernetes API", () => {
    expect(resource).toMatchObject(
      withSpec({
        service_account_name: "board",
        automount_service_account_token: false,
        enable_service_links: false,
      }),
    );
    expect(resource).toMatchObject(withContainer({ image: POD.image, args: [program] }));
    expect(JSON.stringify(resource)).not.toContain('"command"');
  });

  test("get the connection from the service's ConfigMap, and the certificates to verify it", () => {
    expect(resource).toMatchObject(
      withContainer({
        env_from: [{ config_map_ref: { name: "board-database" } }],
        volume_mount: expect.arrayContaining([
          { name: "rds-ca", mount_path: "/etc/rds-ca", read_only: true },
        ]),
      }),
    );
    expect(resource).toMatchObject(
      withSpec({ volume: expect.arrayContaining([{ name: "rds-ca", config_map: { name: "rds-ca" } }]) }),
    );
    // What the pods are told besides is by which names they are asked.
    const told = [...JSON.stringify(resource).matchAll(/"name":"([A-Z_]+)"/g)].map(([, name]) => name);
    expect(told.filter((name) => name !== "ALLOWED_HOSTS")).toEqual([]);
  });

  test("ask for what they use, and are held to it", () => {
    expect(resource).toMatchObject(
      withContainer({
        resources: {
          requests: { cpu: "50m", memory: "128Mi" },
          limits: { cpu: "500m", memory: "256Mi" },
        },
      }),
    );
  });

  test("go to nodes of the image's architecture when it is built for one, else to any", () => {
    expect(JSON.stringify(resource)).not.toContain("node_selector");
    expect(build({ ...POD, architecture: "arm64" })).toMatchObject(
      withSpec({ node_selector: { "kubernetes.io/arch": "arm64" } }),
    );
  });
});

describe("the images", () => {
  const file = readFileSync("image/Dockerfile", "utf8");
  const stages = new Map(
    file.split(/^(?=FROM )/m).flatMap((stage) => {
      const [, base = "", name = ""] = /^FROM (?:--platform=\S+ )?(\S+) AS (\S+)$/m.exec(stage) ?? [];
      return base === "" ? [] : [[name, { base, stage }] as const];
    }),
  );
  const last = (name: string, instruction: string) =>
    [...(stages.get(name)?.stage ?? "").matchAll(new RegExp(`^${instruction} (.*)$`, "gm"))].at(-1)?.[1];

  test.each([
    ["board", "server\\.js /out/migrate\\.js"],
    ["verify", "verify\\.js"],
  ])(
    "of %s has what its pods ask of it: node as entry point, the programs, and the same user",
    (name, files) => {
      expect(stages.get(name)?.base).toBe("program");
      expect(last("program", "ENTRYPOINT")).toBe('["node"]');
      expect(last("program", "WORKDIR")).toBe("/app");
      expect(last(name, "COPY")).toMatch(
        new RegExp(`^--from=build-${name} --chmod=0444 /out/rds-ca\\.pem /out/${files} /app/$`),
      );
      expect(last(`build-${name}`, "RUN")).toBe(`node image/build.js ${name} /out`);
      const user = programPodSpec(POD).securityContext;
      expect(last("program", "USER")).toBe(`${user.runAsUser}:${user.runAsGroup}`);
    },
  );

  test("are made of nothing that is not known by its digest", () => {
    const [, image] = /^ARG NODE_IMAGE=(.*)$/m.exec(file) ?? [];
    expect(image).toMatch(/^node:\d+\.\d+\.\d+-[a-z-]+@sha256:[0-9a-f]{64}$/);
    const bases = new Set([...stages.values()].map(({ base }) => base));
    for (const name of stages.keys()) bases.delete(name);
    expect(bases).toEqual(new Set(["${NODE_IMAGE}"]));
    // npm ci knows its packages by package-lock.json; a download by ADD or curl, and another frontend, would be anything.
    expect(file).not.toMatch(/^ADD|https?:|curl|wget|# syntax/m);
  });

  test("are built from what the context lets through, and from no other folder", () => {
    const copied = [...file.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from = ""]) =>
      from.split(" "),
    );
    const allowed = readFileSync("image/Dockerfile.dockerignore", "utf8").match(/(?<=^!).+$/gm) ?? [];
    expect(copied.toSorted()).toEqual(allowed.toSorted());
  });
});

test("the program starts with what the ConfigMap holds, and nothing else", () => {
  const plan = accessPlan(parse());
  const [identity] = plan.identities;
  if (identity?.kind !== "service") throw new Error("no identity");
  const variables = connectionVariables(plan, identity, { writer: { host: "db.example", port: 5432 } });
  const paths: string[] = [];
  const read = readSettings(variables, (path) => {
    paths.push(path);
    return "-----BEGIN CERTIFICATE-----";
  });
  expect(read).toMatchObject({ settings: { port: 8080, database: { host: "db.example" } } });
  expect(paths).toEqual(["/etc/rds-ca/rds-ca.pem"]);
});
