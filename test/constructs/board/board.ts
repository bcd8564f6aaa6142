import type { ProgramPod } from "../../../constructs/shared/program-pod";

/** A service of the access stack, by plain names. */
export const SERVICE = {
  namespace: "boards",
  serviceAccount: "board",
  configMap: "board-database",
  certificates: "rds-ca",
  variables: { PGHOST: "db.example", PGUSER: "board" },
};

/** A pod of the message board. */
export const POD: ProgramPod = { image: "registry.example/message-board:1.0.0", service: SERVICE };
