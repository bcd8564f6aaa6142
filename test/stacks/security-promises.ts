import { describe, expect, test } from "@jest/globals";
import type { PolicyStatement } from "../../model/aws/policy-document";
import type { Environment } from "../../model/config/environment";
import { texts } from "../helpers/app";
import { type Block, resources, type TerraformJson } from "../helpers/construct";

/**
 * What the Pod Security Standard restricted wants of a container. A pod's word does not do: the kubernetes provider sends
 * `runAsNonRoot: false` for a container that leaves it out.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
const RESTRICTED = {
  security_context: expect.objectContaining({
    run_as_non_root: true,
    run_as_user: expect.stringMatching(/^[1-9]\d*$/),
    allow_privilege_escalation: false,
    capabilities: { drop: ["ALL"] },
    seccomp_profile: { type: "RuntimeDefault" },
  }),
};

/** What holds of every environment, whatever its file says. */
export function securityPromises(
  { account, database }: Environment,
  stacks: ReadonlyMap<string, TerraformJson>,
): void {
  const protection = database.deletionProtection;
  describe.each([...stacks])("%s", (_, stack) => {
    test("has no wildcard action, and a wildcard resource only where AWS takes nothing narrower", () => {
      for (const { path, statement } of statements(stack).filter(({ path }) => !ofEndpoint(path))) {
        for (const action of list(statement.Action))
          expect([path, action]).toEqual([path, expect.stringMatching(/^[a-z0-9-]+:[A-Za-z]+$/)]);
        // The agent's channels to Session Manager have no ARN to name.
        const agent = statement.Sid === "TakeSessions" && path.includes("/bastion_managed_policy_");
        // Lambda names the network interfaces of a function itself; what the function's code asks for is denied.
        const interfaces = /\/aws_iam_role_policy\/service-[a-z0-9-]+_network-interfaces_/.test(path);
        // Metrics have no ARN; the condition names the one namespace that they may go to.
        const metrics =
          statement.Action === "cloudwatch:PutMetricData" &&
          /^[\w-]+\/[\w-]+$/.test(String(statement.Condition?.StringEquals?.["cloudwatch:namespace"]));
        if (!path.startsWith("resource/aws_kms_key/") && !agent && !interfaces && !metrics) {
          // The streams of one log group are ARNs under its own, and have names that AWS chooses.
          for (const resource of list(statement.Resource)) {
            expect([path, resource]).toEqual([
              path,
              expect.not.stringMatching(/\*(?<!^\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}:\*)/),
            ]);
          }
        }
        expect([path, statement.Principal]).not.toEqual([path, "*"]);
      }
    });

    test("has endpoints that let only the account's principals through, but for reading and for pods' tokens", () => {
      for (const { path, statement } of statements(stack).filter(({ path }) => ofEndpoint(path))) {
        const { Action, Condition = {} } = statement;
        const own = Object.entries(Condition.StringEquals ?? {}).some(
          ([key, value]) => /^aws:(Principal|Resource)Account$/.test(key) && value === account,
        );
        expect([path, Action, own]).toEqual([path, Action, Action !== "s3:GetObject"]);
      }
    });

    test("contains no password, key or token", () => {
      for (const { path, text } of texts(stack)) {
        expect([path, text]).not.toEqual([
          path,
          expect.stringMatching(/-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}/),
        ]);
        if (/password|secret_string/.test(path.split("/").at(-1) ?? "")) {
          expect([path, text]).toEqual([
            "provider/postgresql/0/password",
            expect.stringMatching(/^\$\{jsondecode\(ephemeral\./),
          ]);
        }
      }
      expect(JSON.stringify(resources(stack, "postgresql_role"))).not.toContain("password");
    });

    test("holds no absolute path, no time and nothing of this machine", () => {
      for (const { path, text } of texts(stack)) {
        expect([path, text]).not.toEqual([
          path,
          expect.stringMatching(/(^|[\s"'])\/(home|root|tmp|work|Users|var\/folders)\//),
        ]);
        expect([path, text]).not.toEqual([path, expect.stringMatching(/20\d\d-\d\d-\d\dT\d\d:/)]);
      }
      expect(JSON.stringify(stack)).not.toContain(process.cwd());
    });

    test("says in each container all that Pod Security restricted asks for", () => {
      for (const { path, container } of containers(stack)) {
        expect([path, container]).toEqual([path, expect.objectContaining(RESTRICTED)]);
      }
    });

    test("refuses any account but the environment's", () => {
      expect(stack.provider?.aws).toEqual([expect.objectContaining({ allowed_account_ids: [account] })]);
    });
  });

  /** Resources of some types, by stack and name. */
  const all = (...types: readonly string[]): Readonly<Record<string, Block>> =>
    Object.fromEntries(
      [...stacks].flatMap(([id, stack]) =>
        types.flatMap((type) =>
          Object.entries(resources(stack, type)).map(([name, block]) => [`${id} ${type}.${name}`, block]),
        ),
      ),
    );
  const hasEverywhere = (found: Readonly<Record<string, Block>>, wanted: object) =>
    expect(found).toMatchObject(Object.fromEntries(Object.keys(found).map((key) => [key, wanted])));

  test("a database is private, encrypted, protected and takes IAM logins", () => {
    hasEverywhere(all("aws_rds_cluster"), {
      iam_database_authentication_enabled: true,
      manage_master_user_password: true,
      storage_encrypted: true,
      deletion_protection: protection,
      skip_final_snapshot: false,
      lifecycle: { prevent_destroy: protection },
    });
    hasEverywhere(all("aws_rds_cluster_instance"), { publicly_accessible: false });
  });

  test("nobody is let in from outside the VPC", () => {
    for (const [key, block] of Object.entries(all("aws_vpc_security_group_ingress_rule"))) {
      const from = [block.cidr_ipv4, block.referenced_security_group_id].filter(
        (value) => value !== undefined,
      );
      expect([key, from]).toEqual([key, [expect.not.stringMatching(/^0\.0\.0\.0\/0$/)]]);
      expect([key, block.cidr_ipv6]).toEqual([key, undefined]);
    }
  });

  test("only the bastion reaches the internet, and only by HTTPS", () => {
    const open = Object.entries(all("aws_vpc_security_group_egress_rule")).filter(
      ([, block]) => block.cidr_ipv4 === "0.0.0.0/0",
    );
    for (const [key, { from_port, to_port }] of open) {
      expect([key, from_port, to_port]).toEqual([expect.stringMatching(/\.bastion_https_\w+$/), 443, 443]);
    }
  });

  test("logs are encrypted and do not grow for ever", () => {
    const groups = all("aws_cloudwatch_log_group");
    hasEverywhere(groups, { kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\./) });
    expect(Object.keys(groups).filter((key) => !(Number(groups[key]?.retention_in_days) > 0))).toEqual([]);
  });

  test("keys are rotated and can be restored for 30 days", () => {
    hasEverywhere(all("aws_kms_key"), { enable_key_rotation: true, deletion_window_in_days: 30 });
  });

  test("machines hand out credentials by IMDSv2 only, one hop far", () => {
    hasEverywhere(all("aws_instance", "aws_launch_template"), {
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
    });
  });

  test("no plan destroys a database, a schema or a namespace, unless the file says so", () => {
    hasEverywhere(all("postgresql_database", "postgresql_schema", "kubernetes_namespace_v1"), {
      lifecycle: { prevent_destroy: protection },
    });
  });
}

/** Every container that a stack makes pods of, those that start before the others included, whatever the resource. */
export function containers(value: unknown, path = ""): { path: string; container: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = `${path}/${key}`;
    const own = /^(init_|ephemeral_)?container$/.test(key) ? list(item) : [];
    return [...own.map((container) => ({ path: at, container })), ...containers(item, at)];
  });
}

/** Whether a policy is a VPC endpoint's. It gives nobody anything, and lets through part of what IAM gives. */
function ofEndpoint(path: string): boolean {
  return /^(resource\/aws_vpc_endpoint\/|locals\/endpoints_policy-)/.test(path);
}

/** Every policy document of a stack: the texts that are one. */
export function statements(stack: TerraformJson): { path: string; statement: PolicyStatement }[] {
  return texts(stack)
    .filter(({ text }) => text.startsWith('{"Version"'))
    .flatMap(({ path, text }) =>
      JSON.parse(text).Statement.map((statement: PolicyStatement) => ({ path, statement })),
    );
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
