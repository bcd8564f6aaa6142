/** A check of checkov's that fails, and is left to. */
export interface Accepted {
  /** Such as `CKV_AWS_112`. */
  readonly check: string;
  /** Stacks and blocks it may fail on, as `<stack>/<block>`; on any other it counts. */
  readonly where: RegExp;
  /** Why that is right. */
  readonly reason: string;
}

/**
 * Every check of checkov's that fails on the stacks of test/environments, with the reason. An entry that nothing fails any
 * more has to go.
 */
export const ACCEPTED: readonly Accepted[] = [
  {
    check: "CKV_AWS_226",
    where: /^\w+-database\/aurora_instances_instance-\d_/,
    reason:
      "The environment file says the version, and a pull request raises it: an upgrade that comes by itself restarts the database at a time that nobody chose, and the next plan would show a downgrade.",
  },
  {
    check: "CKV2_AWS_8",
    where: /^\w+-database\/aurora_cluster_/,
    reason:
      "Point-in-time recovery and a final snapshot are on. AWS Backup, with vaults in another account, is a plan for a whole organisation: it selects clusters by their tags, which are the file's to set.",
  },
  {
    check: "CKV_AWS_126",
    where: /^\w+-database\/bastion_instance_/,
    reason:
      "Detailed monitoring costs half of what the bastion does. It keeps nothing and may be replaced at any time; that a tunnel breaks is noticed by whoever uses it.",
  },
  {
    check: "CKV_AWS_339",
    where: /^\w+-eks\/eks_cluster_/,
    reason:
      "checkov 3.3.30 knows Kubernetes up to 1.35, and the default here is newer. Ends of support are this project's own table, from which synth warns.",
  },
  {
    check: "CKV_AWS_338",
    where: /^dev-\w+\//,
    reason: "dev.yaml keeps its logs for 30 days on purpose. The default is a year, and prod.yaml has that.",
  },
  {
    check: "CKV_K8S_43",
    where: /^dev-demo\/web_deployment_/,
    reason: "The image is the environment file's, which takes a digest as well as a tag; dev.yaml has a tag.",
  },
  {
    check: "CKV_K8S_15",
    where: /^dev-demo\/web_deployment_/,
    reason:
      "A pod that starts again must not need the registry. Whoever wants the same bytes everywhere names the image's digest.",
  },
  {
    check: "CKV2_AWS_34",
    where: /^\w+-access\/(certificates$|service-[a-z0-9-]+_parameter-)/,
    reason:
      "How a service outside of EKS connects is no secret: a host, a database user, CA certificates. Encrypted, each role that reads it would need kms:Decrypt besides.",
  },
  {
    check: "CKV2_AWS_5",
    where: /^\w+-access\/clients_security-group_/,
    reason: "Functions, tasks and instances carry it, which are made elsewhere.",
  },
  {
    check: "CKV2_AWS_5",
    where: /^\w+-database\/proxy_network_security-group_/,
    reason: "RDS Proxy and its reader endpoint carry it, which checkov 3.3.30 does not know as what may.",
  },
];
