import type { Construct } from "constructs";
import { AdminConnection } from "../constructs/access/admin-connection";
import { ClientSecurityGroup } from "../constructs/access/client-security-group";
import { putCertificates, putConnection } from "../constructs/access/connection-parameters";
import { DatabaseIngress } from "../constructs/access/database-ingress";
import { Identity } from "../constructs/access/identity";
import { ManagedDatabase } from "../constructs/access/managed-database";
import { associatePods } from "../constructs/access/pod-identity-association";
import { ProxyPermission } from "../constructs/access/proxy-permission";
import { RemovalGuard } from "../constructs/access/removal-guard";
import { type ConnectedService, ServiceConnection } from "../constructs/access/service-connection";
import { ServiceNamespace } from "../constructs/access/service-namespace";
import { KubernetesConnection } from "../constructs/shared/kubernetes-connection";
import { unreachable } from "../lib/unreachable";
import { connectionVariables, type WriterAndReader } from "../model/access/connection";
import { ROLE_ANNOTATION } from "../model/access/iam";
import { accountOf, isOutsideEks, needsAnnotation } from "../model/access/identity";
import { podEgress } from "../model/access/namespace";
import { connectionOutsideEks } from "../model/access/outside-eks";
import { accessPlan } from "../model/access/plan";
import { letGo, protectedParts } from "../model/access/protected";
import { byToken } from "../model/aws/pod-identity";
import type { Environment } from "../model/config/environment";
import { POSTGRESQL_PORT } from "../model/postgresql/names";
import { type DatabaseOutputs, type ProxyOutputs, portsOf } from "./database-stack";
import type { EksOutputs } from "./eks-stack";
import { EnvironmentStack } from "./environment-stack";
import type { NetworkOutputs } from "./network-stack";

/** Options for {@link AccessStack}. */
export interface AccessStackProps {
  /** The environment whose access plan this renders. */
  readonly environment: Environment;
  /** The EKS cluster that services run on. */
  readonly eks: EksOutputs;
  /** The database they connect to. */
  readonly database: DatabaseOutputs;
  /** The network of both. */
  readonly network: Pick<NetworkOutputs, "vpcId">;
}

/** What the other stacks need of the access stack. */
export interface AccessOutputs {
  /** Services by their key in the environment file. */
  readonly services: ReadonlyMap<string, ConnectedService>;
}

/** What identities are told, by their keys, for the stack's outputs. */
class ToldToIdentities {
  readonly roleArns: Record<string, string> = {};
  /** By `<namespace>/<name>` of the ServiceAccount. */
  readonly annotations: Record<string, string> = {};
  readonly connections: Record<string, Readonly<Record<string, string>>> = {};
}

/** Everything in the access plan, in PostgreSQL, IAM and Kubernetes. */
export class AccessStack extends EnvironmentStack {
  readonly outputs: AccessOutputs;

  constructor(scope: Construct, { environment, eks, database, network }: AccessStackProps) {
    super(scope, "access", environment);
    const plan = accessPlan(environment);
    const { caBundle, deletionProtection: protect } = environment.database;
    const direct = this.endpoints(database);
    const resourceIds = {
      database: this.named("database-resource-id", database.resourceId),
      ...(database.proxy && { proxy: this.named("proxy-resource-id", database.proxy.resourceId) }),
    };
    const endpoints = {
      ...direct,
      ...(database.proxy && { proxy: { ...direct, ...this.proxyEndpoints(database.proxy) } }),
    };
    const oidcProvider = eks.oidcProvider &&
      byToken(environment.cluster.identity) && {
        arn: this.named("oidc-provider-arn", eks.oidcProvider.arn),
        issuer: this.named("oidc-issuer", eks.oidcProvider.issuer),
      };

    new AdminConnection(this, "admin", {
      endpoint: direct.writer,
      adminSecretArn: this.named("admin-secret-arn", database.adminSecretArn),
      caBundle,
    });
    new KubernetesConnection(this, "cluster", { ...eks, region: environment.region });
    const ingress = this.letPodsIn(database, eks);
    if (database.proxy) {
      new ProxyPermission(this, "proxy", { plan, databaseResourceId: resourceIds.database });
    }
    new RemovalGuard(this, "protected", { parts: protectedParts(plan), letGo: letGo(plan), protect });

    const groups = new Map(
      plan.databases.flatMap((each) => [
        ...new ManagedDatabase(this, `database-${each.name}`, {
          plan: each,
          protect,
          dependsOn: [ingress.rule],
        }).groups,
      ]),
    );
    const egress = { ...podEgress(environment), databasePorts: portsOf(database) };
    const namespaces = new Map(
      plan.namespaces.map((each) => [
        each.name,
        new ServiceNamespace(this, `namespace-${each.name}`, {
          environment: plan.environment,
          plan: each,
          egress,
          caBundle,
          protect,
        }),
      ]),
    );
    const services = new Map<string, ConnectedService>();
    const told = new ToldToIdentities();
    for (const identity of plan.identities) {
      // A service that comes to run elsewhere keeps its address.
      const section = identity.kind === "people" ? "people" : "service";
      const created = new Identity(this, `${section}-${identity.key}`, {
        plan,
        identity,
        groups,
        resourceIds,
        ...(oidcProvider && { oidcProvider }),
      });
      told.roleArns[identity.key] = created.roleArn;
      switch (identity.kind) {
        case "service": {
          const namespace = namespaces.get(identity.namespace);
          if (!namespace) throw new Error(`there is no namespace for ${identity.key}`);
          const connection = new ServiceConnection(namespace, {
            ...identity,
            namespace: namespace.name,
            certificates: namespace.certificates,
            roleArn: created.roleArn,
            variables: connectionVariables(plan, identity, endpoints),
          });
          associatePods(namespace, plan, identity, created.roleArn);
          services.set(identity.key, connection);
          if (needsAnnotation(identity)) told.annotations[accountOf(identity)] = created.roleArn;
          break;
        }
        case "workload":
        case "role":
        case "principals": {
          const variables = connectionOutsideEks(plan, identity, endpoints);
          putConnection(created, plan, identity, variables);
          told.connections[identity.key] = variables;
          break;
        }
        case "people":
          break;
        default:
          unreachable(identity);
      }
    }
    this.outputs = { services };
    this.tell(told);
    if (!plan.identities.some(isOutsideEks)) return;
    putCertificates(this, plan, caBundle);
    this.letClientsIn(plan.environment, database, network);
  }

  private tell({ roleArns, annotations, connections }: ToldToIdentities): void {
    this.publish("role-arns", "IAM role of each service and group of people", roleArns);
    if (Object.keys(annotations).length > 0) {
      this.publish(
        "service-account-annotations",
        `The annotation ${ROLE_ANNOTATION} that each ServiceAccount needs which is not made here`,
        annotations,
      );
    }
    if (Object.keys(connections).length > 0) {
      this.publish("connections", "How each service outside of EKS connects", connections);
    }
  }

  /** The way to the database, and to the proxy before it, for pods. */
  private letPodsIn(
    database: DatabaseOutputs,
    { securityGroupId: eksSecurityGroupId }: EksOutputs,
  ): DatabaseIngress {
    const { securityGroupId: databaseSecurityGroupId, port, proxy } = database;
    const ingress = new DatabaseIngress(this, "ingress", {
      databaseSecurityGroupId,
      eksSecurityGroupId,
      port,
    });
    if (proxy) {
      new DatabaseIngress(this, "proxy-ingress", {
        databaseSecurityGroupId: proxy.securityGroupId,
        eksSecurityGroupId,
        port: POSTGRESQL_PORT,
      });
    }
    return ingress;
  }

  /** The same for what is outside of the EKS cluster and carries a security group for it. */
  private letClientsIn(
    environmentName: string,
    { securityGroupId, port, proxy }: DatabaseOutputs,
    { vpcId }: AccessStackProps["network"],
  ): void {
    const { id } = new ClientSecurityGroup(this, "clients", {
      environmentName,
      vpcId: this.named("vpc-id", vpcId),
      servers: {
        database: { securityGroupId, port },
        ...(proxy && { proxy: { securityGroupId: proxy.securityGroupId, port: POSTGRESQL_PORT } }),
      },
    });
    this.publish(
      "client-security-group-id",
      "Security group by which what runs outside of EKS reaches the database",
      id,
    );
  }

  /** Where the database itself listens. */
  private endpoints({ writerEndpoint, readerEndpoint, port }: DatabaseOutputs): WriterAndReader {
    return {
      writer: { host: this.named("writer-endpoint", writerEndpoint), port },
      ...(readerEndpoint !== undefined && {
        reader: { host: this.named("reader-endpoint", readerEndpoint), port },
      }),
    };
  }

  /** Where the proxy listens; where it does not lead to the readers, they are reached without it. */
  private proxyEndpoints({ writerEndpoint, readerEndpoint }: ProxyOutputs): WriterAndReader {
    const at = (name: string, host: string) => ({ host: this.named(name, host), port: POSTGRESQL_PORT });
    return {
      writer: at("proxy-endpoint", writerEndpoint),
      ...(readerEndpoint !== undefined && { reader: at("proxy-reader-endpoint", readerEndpoint) }),
    };
  }
}
