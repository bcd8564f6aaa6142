/** Characters that the value of an SSM parameter may have, by its tier: the first is free. */
const SIZES = { Standard: 4096, Advanced: 8192 } as const;

/** The largest value of any tier. */
export const MAX_PARAMETER = SIZES.Advanced;

/**
 * The cheapest tier of SSM parameters that holds a value.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
export function parameterTier(value: string): keyof typeof SIZES {
  return value.length <= SIZES.Standard ? "Standard" : "Advanced";
}

/**
 * Whether SSM takes no parameters below `/<name>/`: their names may not begin with aws or ssm, in whatever case.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function isReservedInSsm(name: string): boolean {
  return /^(aws|ssm)/i.test(name);
}
