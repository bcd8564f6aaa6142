// IAM tokens for new connections. RDS does not throttle logins that repeat a token, but takes about 200 new ones a second.
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { Signer } from "@aws-sdk/rds-signer";

const credentials = fromNodeProviderChain();

/** Tokens for one host, since a token is good for no other. */
export function iamTokens(target) {
  let signing;
  let goodUntil = 0;

  async function sign() {
    const tenMinutes = Date.now() + 600_000;
    const identity = await credentials();
    const signed = await new Signer({ ...target, credentials: identity }).getAuthToken();
    goodUntil = Math.min(tenMinutes, (identity.expiration?.getTime() ?? tenMinutes + 60_000) - 60_000);
    return signed;
  }

  /** To be called after a refused login (SQLSTATE 28...): the next connection gets a token signed anew. */
  function drop() {
    goodUntil = 0;
  }

  /** A token that logs in now: one is used for ten minutes, or until a minute before the credentials end. */
  function get() {
    if (Date.now() >= goodUntil) {
      goodUntil = Number.POSITIVE_INFINITY; // whoever asks meanwhile waits for this one
      signing = sign().catch((error) => {
        drop();
        throw error;
      });
    }
    return signing;
  }

  return { get, drop };
}
