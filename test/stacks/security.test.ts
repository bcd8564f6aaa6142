import { describe, expect, test } from "@jest/globals";
import type { PolicyStatement } from "../../model/aws/policy-document";
import { loadEnvironments } from "../../model/config/load";
import { synthApp, texts } from "../helpers/app";
import { type Block, resources, type TerraformJson } from "../helpers/construct";

const environments = loadEnvironments();
const stacks = synthApp(...environments);

/** Every policy document of a stack: the texts that are one. */
function statements(stack: TerraformJson): { path: string; statement: PolicyStatement }[] {
  return texts(stack)
    .filter(({ text }) => text.startsWith('{"Version"'))
    .flatMap(({ path, text }) =>
      JSON.parse(text).Statement.map((statement: PolicyStatement) => ({ path, statement })),
    );
}

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

describe.each([...stacks])("%s", (id, stack) => {
  test("has no wildcard action, and a wildcard resource only where AWS takes nothing narrower", () => {
    const found = statements(stack);
    for (const { path, statement } of found) {
      for (const action of list(statement.Action))
        expect([path, action]).toEqual([path, expect.stringMatching(/^[a-z0-9-]+:[A-Za-z]+$/)]);
      // The agent's channels to Session Manager have no ARN to name.
      const agent = statement.Sid === "TakeSessions" && path.includes("/bastion_managed_policy_");
      if (!path.startsWith("resource/aws_kms_key/") && !agent) {
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
    // These two are governed by managed policies, and by none.
    if (!/-(eks|demo)$/.test(id)) expect(found.length).toBeGreaterThan(0);
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

  test("refuses any account but the environment's", () => {
    expect(stack.provider?.aws).toEqual([expect.objectContaining({ allowed_account_ids: ["123456789012"] })]);
  });
});

const everywhere = (type: string): [string, Block][] =>
  [...stacks].flatMap(([id, stack]) =>
    Object.entries(resources(stack, type)).map(([name, block]): [string, Block] => [`${id} ${name}`, block]),
  );

describe("everywhere", () => {
  test.each(everywhere("aws_rds_cluster"))(
    "the database %s is private, encrypted, protected and takes IAM logins",
    (_, block) => {
      expect(block).toMatchObject({
        iam_database_authentication_enabled: true,
        manage_master_user_password: true,
        storage_encrypted: true,
        deletion_protection: true,
        skip_final_snapshot: false,
        lifecycle: { prevent_destroy: true },
      });
      expect(block).not.toHaveProperty("master_password");
    },
  );

  test.each(everywhere("aws_rds_cluster_instance"))("the instance %s has no public address", (_, block) => {
    expect(block.publicly_accessible).toBe(false);
  });

  test.each(everywhere("aws_vpc_security_group_ingress_rule"))(
    "the rule %s lets nobody in from outside the VPC",
    (_, block) => {
      const from = [block.cidr_ipv4, block.referenced_security_group_id].filter(
        (value) => value !== undefined,
      );
      expect(from).toHaveLength(1);
      expect(from[0]).not.toMatch(/^0\.0\.0\.0\/0$/);
      expect(block).not.toHaveProperty("cidr_ipv6");
    },
  );

  test("only the bastion reaches the internet, and only by HTTPS", () => {
    const open = everywhere("aws_vpc_security_group_egress_rule").filter(
      ([, block]) => block.cidr_ipv4 === "0.0.0.0/0",
    );
    expect(
      open.map(([name, block]) => [name.replace(/_[0-9A-F]{8}$/, ""), block.from_port, block.to_port]),
    ).toEqual([["dev-database bastion_https", 443, 443]]);
  });

  test.each(everywhere("aws_cloudwatch_log_group"))(
    "the log group %s is encrypted and does not grow for ever",
    (_, block) => {
      expect(block.kms_key_id).toMatch(/^\$\{aws_kms_key\./);
      expect(block.retention_in_days).toBeGreaterThan(0);
    },
  );

  test.each(everywhere("aws_kms_key"))(
    "the key %s is rotated and can be restored for 30 days",
    (_, block) => {
      expect(block).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    },
  );

  test.each([...everywhere("aws_instance"), ...everywhere("aws_launch_template")])(
    "%s hands out credentials by IMDSv2 only, one hop far",
    (_, block) => {
      expect(block.metadata_options).toMatchObject({
        http_tokens: "required",
        http_put_response_hop_limit: 1,
      });
    },
  );

  test.each([
    ...everywhere("postgresql_database"),
    ...everywhere("postgresql_schema"),
    ...everywhere("kubernetes_namespace_v1"),
  ])("%s is not destroyed by a plan", (_, block) => {
    expect(block.lifecycle).toEqual({ prevent_destroy: true });
  });
});
