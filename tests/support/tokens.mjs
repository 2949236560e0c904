// Signed tokens for tests (RFC 7519), made by Node's own cryptography.
import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const encode = (value) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A key for one algorithm: its public half, or for HS256 its secret, as a JWK. */
export function newKey(algorithm, id) {
  if (algorithm === 'HS256') {
    const secret = randomBytes(32);
    return { algorithm, id, secret, jwk: { kty: 'oct', kid: id, k: secret.toString('base64url') } };
  }
  const { publicKey, privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: id, use: 'sig' };
  const pem = publicKey.export({ format: 'pem', type: 'spki' });
  return {
    algorithm,
    id,
    privateKey: createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    jwk,
    pem,
  };
}

function signature(key, algorithm, input) {
  if (algorithm === 'HS256') return createHmac('sha256', key.secret).update(input).digest();
  return sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
}

/** `header` is put over what the key says of itself. */
export function signed(key, claims, header = {}) {
  const head = { typ: 'JWT', alg: key.algorithm, kid: key.id, ...header };
  const input = `${encode(head)}.${encode(claims)}`;
  return `${input}.${signature(key, key.algorithm, input).toString('base64url')}`;
}

/** A token without a signature (RFC 7519, 6). */
export const unsigned = (claims, header = {}) =>
  `${encode({ alg: 'none', ...header })}.${encode(claims)}.`;
