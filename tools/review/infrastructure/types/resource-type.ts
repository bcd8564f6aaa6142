/** What a change of a resource of some type does, as far as its provider's code says. Lists are of names with a space between. */
export interface ResourceType {
  /** What is lost with it; of a type that has this, every doubt asks. @default it holds no data */
  readonly data?: string;
  /** Attributes by which AWS, Kubernetes or PostgreSQL tell two of them apart. @default none that a file gives */
  readonly names?: string;
  /** Attributes that destroy it and make it anew when they change. */
  readonly replaces: string;
  /** Attributes that only do so when they go. @default none */
  readonly replacesWhenGone?: string;
  /** Attributes that are changed where they are. What is in no list may do either. */
  readonly inPlace: string;
}
