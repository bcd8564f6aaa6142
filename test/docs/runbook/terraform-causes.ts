/** What goes wrong for Terraform, in a configuration as small as can be. */
export interface TerraformCause {
  /** The heading of the runbook below which its text is. */
  readonly heading: string;
  readonly name: string;
  readonly needs: "terraform" | "aws" | "postgresql";
  /** Commands, each with the configuration from then on; the last one fails. */
  readonly steps: readonly { readonly args: readonly string[]; readonly file?: object }[];
  /** Variables, by a port that nobody listens on. */
  readonly env?: (closed: number) => Readonly<NodeJS.ProcessEnv>;
}

const AWS = { region: "eu-west-1", skip_region_validation: true };
const IDENTITY = { data: { aws_caller_identity: { me: {} } } };
const POSTGRESQL = {
  terraform: { required_providers: { postgresql: { source: "cyrilgdn/postgresql", version: "1.26.0" } } },
  resource: { postgresql_role: { someone: { name: "someone" } } },
};
const VALUE = (input: string) => ({ resource: { terraform_data: { value: { input } } } });
const INIT = ["init"];
const APPLY = ["apply", "-auto-approve"];

/** Everything that goes wrong for Terraform before it is done. */
export const TERRAFORM_CAUSES: readonly TerraformCause[] = [
  {
    heading: "AWS account ID not allowed",
    name: "credentials of another account",
    needs: "aws",
    steps: [
      {
        args: INIT,
        file: { provider: { aws: { ...AWS, allowed_account_ids: ["210987654321"] } }, ...IDENTITY },
      },
      { args: ["plan"] },
    ],
  },
  {
    heading: "No valid credential sources found",
    name: "no credentials",
    needs: "aws",
    env: () => ({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }),
    steps: [{ args: INIT, file: { provider: { aws: AWS }, ...IDENTITY } }, { args: ["plan"] }],
  },
  {
    heading: "Error acquiring the state lock",
    name: "another run on its way",
    needs: "terraform",
    steps: [
      {
        args: INIT,
        // While it runs, it holds the lock against a run of its own.
        file: {
          resource: {
            terraform_data: {
              self: {
                provisioner: {
                  "local-exec": { command: "terraform apply -auto-approve -input=false -no-color" },
                },
              },
            },
          },
        },
      },
      { args: APPLY },
    ],
  },
  {
    heading: "Saved plan is stale",
    name: "a plan from before somebody else's deployment",
    needs: "terraform",
    steps: [
      { args: INIT, file: VALUE("before") },
      { args: ["plan", "-out=old"] },
      { args: APPLY },
      { args: ["apply", "old"] },
    ],
  },
  {
    heading: "Unable to find remote state",
    name: "a stack whose producer is not deployed",
    needs: "terraform",
    steps: [
      {
        args: INIT,
        file: {
          data: { terraform_remote_state: { network: { backend: "local", config: { path: "no.tfstate" } } } },
        },
      },
      { args: ["plan"] },
    ],
  },
  {
    heading: "Instance cannot be destroyed",
    name: "something protected that left the file",
    needs: "terraform",
    steps: [
      {
        args: INIT,
        file: { resource: { terraform_data: { kept: { lifecycle: { prevent_destroy: true } } } } },
      },
      { args: APPLY },
      { args: ["apply", "-destroy", "-auto-approve"] },
    ],
  },
  {
    heading: "socks connect tcp",
    name: "a tunnel that does not run",
    needs: "postgresql",
    env: (closed) => ({ ALL_PROXY: `socks5://127.0.0.1:${closed}` }),
    steps: [
      {
        args: INIT,
        file: {
          ...POSTGRESQL,
          provider: { postgresql: { password: "secret", host: "dev.cluster-x.eu-west-1.rds.amazonaws.com" } },
        },
      },
      { args: APPLY },
    ],
  },
  {
    heading: "error connecting to PostgreSQL server",
    name: "a database that is not there",
    needs: "postgresql",
    steps: [
      {
        args: INIT,
        file: {
          ...POSTGRESQL,
          provider: { postgresql: { password: "secret", host: "127.0.0.1", port: 1, sslmode: "disable" } },
        },
      },
      { args: APPLY },
    ],
  },
];
