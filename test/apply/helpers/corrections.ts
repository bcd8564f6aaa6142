/** Something that moto answers and AWS does not, without whose correction Terraform would plan or wait for nonsense. */
export interface Correction {
  /** What is wrong, and what follows from it. */
  readonly reason: string;
  /** The answer as AWS would give it; unchanged where it does not apply. */
  readonly correct: (body: string) => string;
}

/**
 * What moto 5 makes up. Only what would replace a resource that nobody touched, keep the AWS provider waiting, or break
 * what comes after is put right; the rest is listed where the test meets it.
 */
export const CORRECTIONS: readonly Correction[] = [
  {
    reason: "every node group has an SSH key that nobody asked for, so each plan would replace it",
    correct: (body) =>
      body
        .replace(/"remoteAccess": ?\{[^{}]*\}, ?/g, "")
        .replace(/, ?"remoteAccessSecurityGroup": ?"[^"]*"/g, ""),
  },
  {
    reason:
      "a cluster has no security group of its own, which the access stack lets into the database; its first one stands in",
    correct: (body) =>
      body.replace(
        /"securityGroupIds": ?\["(sg-[0-9a-f]+)"/g,
        (found, id) => `"clusterSecurityGroupId": "${id}", ${found}`,
      ),
  },
  {
    reason:
      "a cluster does not know what was asked for the end of its support, so each plan would set it, and crash the provider",
    correct: (body) =>
      body.replace(/"resourcesVpcConfig": ?\{/g, '"upgradePolicy": {"supportType": "EXTENDED"}, $&'),
  },
  {
    reason:
      "an instance without a public address has an empty association, so each plan would replace the bastion",
    correct: (body) => body.replace(/<association ?\/>|<association><\/association>/g, ""),
  },
  {
    reason: "a launch template tags launch templates too, so each plan would make a new version of it",
    correct: (body) =>
      body.replace(/<item><resourceType>launch-template<\/resourceType><tagSet>.*?<\/tagSet><\/item>/gs, ""),
  },
  {
    reason:
      "an instance of a database has a CA that AWS no longer gives, and the provider would restart it for 160 seconds",
    correct: (body) => body.replaceAll("rds-ca-default", "rds-ca-rsa2048-g1"),
  },
  {
    reason:
      "a cluster of Aurora Serverless v2 has an empty configuration of v1, so each plan would change it",
    correct: (body) =>
      body.replace(
        /<ScalingConfigurationInfo ?\/>|<ScalingConfigurationInfo><\/ScalingConfigurationInfo>/g,
        "",
      ),
  },
];

/** A question of the AWS provider's that moto has no answer to. */
export interface MissingAnswer {
  /** What it is, and why this answer is true. */
  readonly reason: string;
  readonly path: RegExp;
  readonly answer: string;
}

/** Answers in moto's place. */
export const MISSING_ANSWERS: readonly MissingAnswer[] = [
  {
    reason: "EKS DescribeUpdate: whatever moto updates is done by the time it answers",
    path: /^\/clusters\/[^/]+\/updates\/[^/]+$/,
    answer: JSON.stringify({ update: { id: "done", status: "Successful", type: "ConfigUpdate" } }),
  },
];
