/**
 * Names that S3 gives to no general purpose bucket, beside those of other characters or lengths, and what is wrong with them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^\d{1,3}(\.\d{1,3}){3}$/, "is written like an IP address"],
  [/\.\./, "has two dots in a row"],
  // Each part between dots is a DNS label.
  [/\.-|-\./, "has a hyphen beside a dot"],
  [/^xn--/, "starts with xn--, which S3 keeps for itself"],
  [/^sthree-/, "starts with sthree-, which S3 keeps for itself"],
  [/^amzn-s3-demo-/, "starts with amzn-s3-demo-, which S3 keeps for documentation"],
  [/-s3alias$/, "ends with -s3alias, as aliases of access points do"],
  [/--ol-s3$/, "ends with --ol-s3, as aliases of Object Lambda access points do"],
  [/\.mrap$/, "ends with .mrap, as Multi-Region access points do"],
  [/--x-s3$/, "ends with --x-s3, as directory buckets do, in which Terraform keeps no state"],
  [/--table-s3$/, "ends with --table-s3, as table buckets do"],
];

/** Why no bucket has this name; undefined when one may. */
export function bucketNameProblem(name: string): string | undefined {
  return REFUSED.find(([pattern]) => pattern.test(name))?.[1];
}
