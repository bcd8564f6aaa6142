import { fatalError } from "../../protocol/protocol-messages";
import { Refusal } from "../../protocol/refusal";

/** What the cluster says when it does not let the proxy in; handed on as RDS Proxy does. */
export class ClusterRefusal extends Refusal {
  /** @param code SQLSTATE */
  constructor(
    readonly code: string,
    text: string,
  ) {
    super(`the cluster: ${text}`, fatalError(code, `Request returned an error: ${text}`));
  }
}
