import { randomBytes, randomUUID } from "node:crypto";
import { Hono } from "hono";
import { type Certificate, issueCertificate } from "../../../lib/certificates";
import { type OidcProvider, TOKEN_AUDIENCE } from "../../../model/access/iam";
import { serveApp } from "./serve-app";

/** What a ServiceAccount's token may differ in. */
export interface TokenOptions {
  /** Whom it is for. @default "sts.amazonaws.com" */
  readonly audience?: string;
  /** Seconds until it expires, from `issuedAt`. @default 86400, as EKS has it */
  readonly lifetimeSeconds?: number;
  /** When it was made; it is not valid before. @default now */
  readonly issuedAt?: Date;
}

/** An OIDC issuer as an EKS cluster has one. */
export interface OidcIssuer {
  /** Its address, `iss` of its tokens. */
  readonly url: string;
  /** The same without https://, as IAM writes it. */
  readonly issuer: string;
  /** A token as the kubelet projects it into the pods of a ServiceAccount. */
  serviceAccountToken(namespace: string, name: string, options?: TokenOptions): Promise<string>;
  /** Signs any claims; whoever checks tokens must not rely on their shape. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

const ALGORITHM = "RS256";

/** What an account calls an issuer that is registered in its IAM. */
export function oidcProvider(
  { issuer }: Pick<OidcIssuer, "issuer">,
  { account, partition }: { readonly account: string; readonly partition: string },
): OidcProvider {
  return { issuer, arn: `arn:${partition}:iam::${account}:oidc-provider/${issuer}` };
}

/**
 * Starts an issuer: discovery document and keys over HTTPS, with a certificate for `localhost` of an authority's.
 * @param clock the time in milliseconds since 1970. @default Date.now
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
 */
export async function startIssuer(authority: Certificate, clock = Date.now): Promise<OidcIssuer> {
  // jose is an ES module, which this Node.js may not be able to require.
  const { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } = await import("jose");
  const [certificate, { publicKey, privateKey }] = await Promise.all([
    issueCertificate(authority, ["localhost", "127.0.0.1"]),
    generateKeyPair(ALGORITHM),
  ]);
  const key = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(key);
  const keys = [{ ...key, kid, alg: ALGORITHM, use: "sig" }];

  const app = new Hono();
  const server = await serveApp(app, certificate);
  const path = `/id/${randomBytes(16).toString("hex").toUpperCase()}`;
  const issuer = `localhost:${server.port}${path}`;
  const url = `https://${issuer}`;
  app.get(`${path}/.well-known/openid-configuration`, (context) => context.json(discoveryDocument(url)));
  app.get(`${path}/keys`, (context) => context.json({ keys }));

  const sign = (claims: Readonly<Record<string, unknown>>) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: ALGORITHM, kid }).sign(privateKey);
  return {
    url,
    issuer,
    serviceAccountToken: (namespace, name, options = {}) =>
      sign(serviceAccountClaims(url, namespace, name, { issuedAt: new Date(clock()), ...options })),
    sign,
    stop: server.close,
  };
}

function discoveryDocument(url: string) {
  return {
    issuer: url,
    jwks_uri: `${url}/keys`,
    authorization_endpoint: "urn:kubernetes:programmatic_authorization",
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    claims_supported: ["sub", "iss"],
    id_token_signing_alg_values_supported: [ALGORITHM],
  };
}

function serviceAccountClaims(
  iss: string,
  namespace: string,
  name: string,
  {
    audience = TOKEN_AUDIENCE,
    lifetimeSeconds = 86_400,
    issuedAt,
  }: TokenOptions & { readonly issuedAt: Date },
) {
  const iat = Math.floor(issuedAt.getTime() / 1000);
  return {
    iss,
    sub: `system:serviceaccount:${namespace}:${name}`,
    aud: [audience],
    iat,
    nbf: iat,
    exp: iat + lifetimeSeconds,
    jti: randomUUID(),
    "kubernetes.io": {
      namespace,
      pod: { name: `${name}-0`, uid: randomUUID() },
      serviceaccount: { name, uid: randomUUID() },
    },
  };
}
