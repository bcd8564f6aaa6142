import type { Construct } from "constructs";
import { AdminConnection } from "../constructs/access/admin-connection";
import {
  ClientSecurityGroup,
  type ClientSecurityGroupProps,
} from "../constructs/access/client-security-group";
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
import { accountOf, needsAnnotation } from "../model/access/identity";
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

/** Everything in the access plan, in PostgreSQL, IAM and Kubernetes. */
export class AccessStack extends EnvironmentStack {
  readonly outputs: AccessOutputs;

  constructor(scope: Construct, { environment, eks, database, network }: AccessStackProps) {
    super(scope, "access", environment);
    const plan = accessPlan(environment);
    const { caBundle, deletionProtection: protect } = environment.database;
    const { port, readerEndpoint } = database;
    const writer = { host: this.named("writer-endpoint", database.writerEndpoint), port };
    const direct = {
      writer,
      ...(readerEndpoint !== undefined && {
        reader: { host: this.named("reader-endpoint", readerEndpoint), port },
      }),
    };
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
      endpoint: writer,
      adminSecretArn: this.named("admin-secret-arn", database.adminSecretArn),
      caBundle,
    });
    new KubernetesConnection(this, "cluster", { ...eks, region: environment.region });
    const ingress = new DatabaseIngress(this, "ingress", {
      databaseSecurityGroupId: database.securityGroupId,
      eksSecurityGroupId: eks.securityGroupId,
      port,
    });
    if (database.proxy) {
      new DatabaseIngress(this, "proxy-ingress", {
        databaseSecurityGroupId: database.proxy.securityGroupId,
        eksSecurityGroupId: eks.securityGroupId,
        port: POSTGRESQL_PORT,
      });
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
    const annotations = new Map<string, string>();
    const connections = new Map<string, Readonly<Record<string, string>>>();
    const roleArns = plan.identities.map((identity) => {
      // A service that comes to run elsewhere keeps its address.
      const section = identity.kind === "people" ? "people" : "service";
      const created = new Identity(this, `${section}-${identity.key}`, {
        plan,
        identity,
        groups,
        resourceIds,
        ...(oidcProvider && { oidcProvider }),
      });
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
          if (needsAnnotation(identity)) annotations.set(accountOf(identity), created.roleArn);
          break;
        }
        case "workload":
        case "role":
        case "principals": {
          const variables = connectionOutsideEks(plan, identity, endpoints);
          putConnection(created, plan, identity, variables);
          connections.set(identity.key, variables);
          break;
        }
        case "people":
          break;
        default:
          unreachable(identity);
      }
      return [identity.key, created.roleArn];
    });
    this.outputs = { services };
    this.publish("role-arns", "IAM role of each service and group of people", Object.fromEntries(roleArns));
    if (annotations.size > 0) {
      this.publish(
        "service-account-annotations",
        `The annotation ${ROLE_ANNOTATION} that each ServiceAccount needs which is not made here`,
        Object.fromEntries(annotations),
      );
    }
    if (connections.size === 0) return;
    putCertificates(this, plan, caBundle);
    this.publish("connections", "How each service outside of EKS connects", Object.fromEntries(connections));
    this.addClients({
      environmentName: plan.environment,
      vpcId: this.named("vpc-id", network.vpcId),
      servers: {
        database: { securityGroupId: database.securityGroupId, port },
        ...(database.proxy && {
          proxy: { securityGroupId: database.proxy.securityGroupId, port: POSTGRESQL_PORT },
        }),
      },
    });
  }

  /** The way to the database for what is outside of the EKS cluster. */
  private addClients(props: ClientSecurityGroupProps): void {
    const { id } = new ClientSecurityGroup(this, "clients", props);
    this.publish(
      "client-security-group-id",
      "Security group by which what runs outside of EKS reaches the database",
      id,
    );
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
