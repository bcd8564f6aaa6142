import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateSecurityGroupCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CREDENTIALS } from "./corrected-moto";
import type { TerraformWorkspace } from "./terraform";

/** Values of the outputs of other stacks, by a pattern of `<stack>.<output>`. */
export type ProducerOutputs = Readonly<Record<string, string>>;

/** Writes state files of the stacks that a stack reads, with the outputs that it asks for, and nothing else. */
export function writeProducerStates(
  terraform: TerraformWorkspace,
  stack: string,
  outputs: ProducerOutputs,
): void {
  const json = readFileSync(join(terraform.directory(stack), "cdk.tf.json"), "utf8");
  const states = new Map<string, Record<string, { readonly value: string; readonly type: "string" }>>();
  for (const [, producer = "", name = ""] of json.matchAll(
    /cross-stack-reference-input-([a-z0-9-]+)\.outputs\.([\w-]+)/g,
  )) {
    const [, value] =
      Object.entries(outputs).find(([pattern]) => new RegExp(pattern).test(`${producer}.${name}`)) ?? [];
    if (value === undefined) throw new Error(`no value for ${name} of ${producer}`);
    states.set(producer, { ...states.get(producer), [name]: { value, type: "string" } });
  }
  for (const [producer, outputs] of states) {
    const state = { version: 4, serial: 1, lineage: producer, outputs, resources: [] };
    writeFileSync(terraform.stateFile(producer), JSON.stringify(state));
  }
}

/** A client of EC2 in moto. */
export function ec2Client(endpoint: string): EC2Client {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = CREDENTIALS;
  return new EC2Client({ endpoint, region: "eu-west-1", credentials: { accessKeyId, secretAccessKey } });
}

/** Makes a security group in moto, such as a producer would have made; its id. */
export async function makeSecurityGroup(endpoint: string, GroupName: string): Promise<string> {
  const client = ec2Client(endpoint);
  const made = await client.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName }));
  client.destroy();
  return made.GroupId ?? "";
}
