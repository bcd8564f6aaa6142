import { describe, expect, test } from "@jest/globals";
import { AdminConnection } from "../../../constructs/access/admin-connection";
import { DatabaseIngress } from "../../../constructs/access/database-ingress";
import { ServiceConnection } from "../../../constructs/access/service-connection";
import { ServiceNamespace } from "../../../constructs/access/service-namespace";
import { KubernetesConnection } from "../../../constructs/shared/kubernetes-connection";
import { connectionVariables } from "../../../model/access/connection";
import type { OwnNamespace } from "../../../model/access/namespace";
import { accessPlan } from "../../../model/access/plan";
import { only, synthConstruct } from "../../helpers/construct";
import { parse } from "../../helpers/environment";

describe("Terraform's connection to the database", () => {
  const json = synthConstruct((stack) => {
    new AdminConnection(stack, "admin", {
      endpoint: { host: "db.example", port: 5432 },
      adminSecretArn: "arn:secret",
      caBundle: "PEM",
    });
  });

  test("verifies certificate and host name against the region's CA, from a path beside the stack", () => {
    expect(json.provider?.postgresql).toEqual([
      expect.objectContaining({
        host: "db.example",
        sslmode: "verify-full",
        sslrootcert: "rds-ca.pem",
        superuser: false,
      }),
    ]);
  });

  test("takes the password from an ephemeral resource, which no state or plan holds", () => {
    const reference =
      'jsondecode(ephemeral.aws_secretsmanager_secret_version.admin.secret_string)["password"]';
    expect(json.provider?.postgresql).toEqual([expect.objectContaining({ password: `\${${reference}}` })]);
    expect(json.ephemeral).toEqual({
      aws_secretsmanager_secret_version: { admin: { secret_id: "arn:secret" } },
    });
  });
});

test("Terraform's connection to the cluster stores no credential and verifies the cluster's CA", () => {
  const json = synthConstruct((stack) => {
    new KubernetesConnection(stack, "cluster", {
      name: "dev",
      kubernetesEndpoint: "https://k8s.example",
      certificateAuthority: "Q0E=",
      region: "eu-west-1",
    });
  });
  expect(json.provider?.kubernetes).toEqual([
    {
      host: "https://k8s.example",
      cluster_ca_certificate: '${base64decode("Q0E=")}',
      exec: [
        {
          api_version: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: ["eks", "get-token", "--cluster-name", "dev", "--region", "eu-west-1"],
        },
      ],
    },
  ]);
});

test("the database admits the cluster's security group, on its port, and nothing else", () => {
  const json = synthConstruct((stack) => {
    new DatabaseIngress(stack, "ingress", {
      databaseSecurityGroupId: "sg-database",
      eksSecurityGroupId: "sg-cluster",
      port: 5432,
    });
  });
  expect(only(json, "aws_vpc_security_group_ingress_rule")).toEqual({
    description: "PostgreSQL from the EKS cluster",
    from_port: 5432,
    ip_protocol: "tcp",
    referenced_security_group_id: "sg-cluster",
    security_group_id: "sg-database",
    to_port: 5432,
  });
});

describe("a service's pods", () => {
  const plan = accessPlan(parse());
  const [identity] = plan.identities;
  if (identity?.kind !== "service") throw new Error("no identity");
  const variables = connectionVariables(plan, identity, { writer: { host: "db.example", port: 5432 } });
  const json = synthConstruct((stack) => {
    new ServiceConnection(stack, {
      namespace: "shop",
      serviceAccount: "orders-api",
      roleArn: "arn:role",
      certificates: "rds-ca",
      configMap: "orders-api-database",
      variables,
    });
  });

  test("get the IAM role through their ServiceAccount, and no token for the Kubernetes API unless they ask", () => {
    expect(only(json, "kubernetes_service_account_v1")).toEqual({
      automount_service_account_token: false,
      metadata: {
        annotations: { "eks.amazonaws.com/role-arn": "arn:role" },
        name: "orders-api",
        namespace: "shop",
      },
    });
  });

  test("get everything libpq needs but a password", () => {
    expect(only(json, "kubernetes_config_map_v1")).toEqual({
      data: {
        AWS_REGION: "eu-west-1",
        PGDATABASE: "shop",
        PGHOST: "db.example",
        PGPORT: "5432",
        PGSSLMODE: "verify-full",
        PGSSLROOTCERT: "/etc/rds-ca/rds-ca.pem",
        PGUSER: "orders_api",
      },
      metadata: { name: "orders-api-database", namespace: "shop" },
    });
  });
});

describe("a namespace", () => {
  const egress = {
    databaseCidrs: ["10.0.0.0/24", "10.0.1.0/24"],
    databasePorts: [6432],
    credentials: [{ cidr: "10.0.0.0/16", port: 443 }],
  };
  const synth = (different: Partial<OwnNamespace> = {}) =>
    synthConstruct((stack) => {
      const plan = { name: "shop", podSecurity: "restricted", networkPolicy: "default-deny" } as const;
      new ServiceNamespace(stack, "shop", {
        environment: "test",
        plan: { ...plan, ...different },
        egress,
        caBundle: "PEM",
      });
    });
  const labels = (level: string) => ({
    "pod-security.kubernetes.io/audit": level,
    "pod-security.kubernetes.io/enforce": level,
    "pod-security.kubernetes.io/warn": level,
  });

  test("holds the CA certificates, and is not destroyed with all that is in it", () => {
    expect(only(synth(), "kubernetes_namespace_v1")).toEqual({
      lifecycle: { prevent_destroy: true },
      metadata: { labels: labels("restricted"), name: "shop" },
    });
    expect(only(synth(), "kubernetes_config_map_v1").data).toEqual({ "rds-ca.pem": "PEM" });
  });

  test("holds its pods to the standard that the file names", () => {
    expect(only(synth({ podSecurity: "baseline" }), "kubernetes_namespace_v1")).toMatchObject({
      metadata: { labels: labels("baseline") },
    });
  });

  test("lets its pods reach DNS, the database and STS, and nobody reach them, unless the file says otherwise", () => {
    const tcp = (port: string) => ({ port, protocol: "TCP" });
    const to = (cidr: string) => ({ ip_block: { cidr } });
    expect(only(synth(), "kubernetes_network_policy_v1")).toEqual({
      metadata: { name: "default-deny", namespace: expect.stringMatching(/kubernetes_namespace_v1/) },
      spec: {
        // Every pod of the namespace.
        pod_selector: {},
        policy_types: ["Ingress", "Egress"],
        egress: [
          { ports: [{ port: "53", protocol: "UDP" }, tcp("53")] },
          { ports: [tcp("6432")], to: [to("10.0.0.0/24"), to("10.0.1.0/24")] },
          { ports: [tcp("443")], to: [to("10.0.0.0/16")] },
        ],
      },
    });
    expect(synth({ networkPolicy: "none" }).resource).not.toHaveProperty("kubernetes_network_policy_v1");
  });
});
