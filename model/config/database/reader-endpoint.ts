/** What of a database decides whether it has an endpoint for readers. */
export interface WithReaders {
  /** What it is in RDS, when it is there already. @default it is made here, as a cluster */
  readonly existing?: { readonly kind: "cluster" | "instance" };
  /** Replicas of one that is made here. */
  readonly readers: number;
}

/** Whether clients have a host name for readers. That of an existing cluster without replicas leads to its writer. */
export function hasReaderEndpoint(database: WithReaders): boolean {
  return noReaderEndpoint(database) === undefined;
}

/** Why they have none; undefined when they have one. */
export function noReaderEndpoint({ existing, readers }: WithReaders): string | undefined {
  if (existing)
    return existing.kind === "cluster" ? undefined : "an RDS instance has no endpoint for readers";
  return readers > 0 ? undefined : "database.readers is 0, so there are none";
}
