import type { Construct } from "constructs";
import { AdminConnection } from "../constructs/access/admin-connection";
import { DatabaseIngress } from "../constructs/access/database-ingress";
import { Identity } from "../constructs/access/identity";
import { ManagedDatabase } from "../constructs/access/managed-database";
import { type ConnectedService, ServiceConnection } from "../constructs/access/service-connection";
import { ServiceNamespace } from "../constructs/access/service-namespace";
import { ClusterConnection } from "../constructs/shared/cluster-connection";
import { connectionVariables } from "../model/access/connection";
import { accessPlan, namespaceNames } from "../model/access/plan";
import type { Environment } from "../model/config/environment";
import type { DatabaseOutputs } from "./database-stack";
import type { ClusterOutputs } from "./eks-stack";
import { EnvironmentStack } from "./environment-stack";

/** Options for {@link AccessStack}. */
export interface AccessStackProps {
  /** The environment whose access plan this renders. */
  readonly environment: Environment;
  /** The cluster that services run on. */
  readonly cluster: ClusterOutputs;
  /** The database they connect to. */
  readonly database: DatabaseOutputs;
}

/** What the other stacks need of the access stack. */
export interface AccessOutputs {
  /** Services by their key in the environment file. */
  readonly services: ReadonlyMap<string, ConnectedService>;
}

/** Everything in the access plan, in PostgreSQL, IAM and Kubernetes. */
export class AccessStack extends EnvironmentStack {
  readonly outputs: AccessOutputs;

  constructor(scope: Construct, { environment, cluster, database }: AccessStackProps) {
    super(scope, "access", environment);
    const plan = accessPlan(environment);
    const { caBundle, deletionProtection: protect } = environment.database;
    const endpoint = { host: this.named("database-endpoint", database.endpoint), port: database.port };
    const clusterResourceId = this.named("cluster-resource-id", database.clusterResourceId);
    const oidcProvider = {
      arn: this.named("oidc-provider-arn", cluster.oidcProviderArn),
      issuer: this.named("oidc-issuer", cluster.oidcIssuer),
    };

    new AdminConnection(this, "admin", {
      endpoint,
      adminSecretArn: this.named("admin-secret-arn", database.adminSecretArn),
      caBundle,
    });
    new ClusterConnection(this, "cluster", { ...cluster, region: environment.region });
    const ingress = new DatabaseIngress(this, "ingress", {
      databaseSecurityGroupId: database.securityGroupId,
      clusterSecurityGroupId: cluster.securityGroupId,
      port: database.port,
    });

    const groups = new Map(
      plan.databases.flatMap((each) => [
        ...new ManagedDatabase(this, `database-${each.name}`, {
          plan: each,
          protect,
          dependsOn: [ingress.rule],
        }).groups,
      ]),
    );
    const namespaces = new Map(
      namespaceNames(plan).map((name) => [
        name,
        new ServiceNamespace(this, `namespace-${name}`, { name, caBundle, protect }).name,
      ]),
    );
    const services = new Map<string, ConnectedService>();
    const roleArns = plan.identities.map((identity) => {
      const created = new Identity(this, `${identity.kind}-${identity.key}`, {
        plan,
        identity,
        groups,
        clusterResourceId,
        oidcProvider,
      });
      if (identity.service) {
        const connection = new ServiceConnection(created, "connection", {
          ...identity.service,
          namespace: namespaces.get(identity.service.namespace) ?? identity.service.namespace,
          roleArn: created.roleArn,
          variables: connectionVariables(plan, identity, endpoint),
        });
        services.set(identity.key, connection);
      }
      return [identity.key, created.roleArn];
    });
    this.outputs = { services };
    this.publish("role-arns", "IAM role of each service and group of people", Object.fromEntries(roleArns));
  }
}
