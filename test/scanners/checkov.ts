import { run } from "../helpers/run";

/** What checkov said of one check on one block. */
export interface Result {
  /** Such as `CKV_AWS_112`. */
  readonly check: string;
  /** Folder of the stack, which is its id. */
  readonly stack: string;
  /** Name of the block in Terraform, such as `bastion_instance_BB6185EC`. */
  readonly resource: string;
  /** What the check wants, in checkov's words. */
  readonly wants: string;
}

/** What checkov found in some stacks. */
export interface Scan {
  /** Files that it could not read: it exits with 0 all the same. */
  readonly unreadable: readonly string[];
  readonly passed: readonly Result[];
  readonly failed: readonly Result[];
}

/** Why checkov cannot run on this machine; undefined when it can. */
export function checkovMissing(): string | undefined {
  return run("checkov", ["--version"]).status === 0 ? undefined : "checkov is not installed";
}

/** Runs checkov on a folder of synthesised stacks. It asks no server, and reads no configuration of the project's. */
export function checkov(stacks: string): Scan {
  const args = ["--framework", "terraform_json", "--output", "json", "--compact", "--skip-download"];
  const { stdout, stderr } = run("checkov", ["--directory", stacks, ...args], { cwd: stacks });
  let said: Said;
  try {
    said = JSON.parse(stdout);
  } catch {
    throw new Error(`checkov gave no JSON: ${stdout}${stderr}`);
  }
  return {
    unreadable: said.results?.parsing_errors ?? [],
    passed: (said.results?.passed_checks ?? []).map(result),
    failed: (said.results?.failed_checks ?? []).map(result),
  };
}

/** checkov's JSON, as far as it is read here. Where it found nothing to check, it has no results. */
interface Said {
  readonly results?: {
    readonly parsing_errors: readonly string[];
    readonly passed_checks: readonly SaidOfOne[];
    readonly failed_checks: readonly SaidOfOne[];
  };
}

interface SaidOfOne {
  readonly check_id: string;
  readonly check_name: string;
  /** From the folder that is scanned. */
  readonly file_path: string;
  /** `resource.<name>`, or `<type>.<name>`. */
  readonly resource: string;
}

function result({ check_id, check_name, file_path, resource }: SaidOfOne): Result {
  return {
    check: check_id,
    stack: file_path.split("/")[1] ?? "",
    resource: resource.replace(/^.*\./, ""),
    wants: check_name,
  };
}
