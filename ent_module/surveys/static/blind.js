// Blind RSA signatures, the client's side: RSABSSA-SHA384-PSS-Randomized (RFC 9474) with WebCrypto and BigInt.
// The server signs a token without seeing it, so that it cannot recognise it when it comes back with a ballot.

const BITS = 3072;
const EXPONENT = 65537;

export const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
export const random = (size) => crypto.getRandomValues(new Uint8Array(size));
export const base64 = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const number = (bytes) => BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);
const sized = (value, size) =>
  Uint8Array.from(value.toString(16).padStart(2 * size, "0").match(/../g), (pair) => parseInt(pair, 16));
const sha384 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-384", join(...parts)));

function toExponent(base, n) {
  let power = base;
  for (let i = 0; i < 16; i++) power = (power * power) % n;
  return (power * base) % n; // 65537 = 2^16 + 1
}

function inverse(value, n) {
  let [a, b, x, y] = [n, value, 0n, 1n];
  while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  if (a !== 1n) throw new RangeError("a factor shared with the key");
  return (x + n) % n;
}

// EMSA-PSS (RFC 8017, 9.1.1) for a modulus whose bits are a multiple of 8.
async function encode(prepared, size, salt) {
  const digest = await sha384(new Uint8Array(8), await sha384(prepared), salt);
  const block = join(new Uint8Array(size - salt.length - 50), [1], salt);
  for (let i = 0; i < block.length; i += 48) {
    const mask = await sha384(digest, [0, 0, 0, i / 48]);
    for (let j = i; j < Math.min(i + 48, block.length); j++) block[j] ^= mask[j - i];
  }
  block[0] &= 0x7f;
  return join(block, digest, [0xbc]);
}

// The token masked, as it is sent, and what takes the mask off the answer. Throws for a key of another kind.
export async function blind({ n, e }, prepared) {
  if (n.length * 8 !== BITS || n[0] < 0x80 || n.at(-1) % 2 === 0 || e !== EXPONENT)
    throw new TypeError("not our kind of key");
  let mask;
  do mask = random(n.length);
  while (number(mask) >= number(n));
  return blindWith(n, prepared, random(48), mask);
}

export async function blindWith(n, prepared, salt, mask) {
  const [modulus, message] = [number(n), number(await encode(prepared, n.length, salt))];
  inverse(message, modulus); // throws where one could not sign it blindly
  const blinded = (message * toExponent(number(mask), modulus)) % modulus;
  return { blinded: sized(blinded, n.length), unmask: sized(inverse(number(mask), modulus), n.length) };
}

// The signature of the token. Throws where the answer is none.
export async function finish({ n }, prepared, unmask, answer, saltLength = 48) {
  const signature = sized((number(answer) * number(unmask)) % number(n), n.length);
  const jwk = { kty: "RSA", n: base64(n), e: "AQAB" };
  const key = await crypto.subtle.importKey("jwk", jwk, { name: "RSA-PSS", hash: "SHA-384" }, false, ["verify"]);
  const holds = await crypto.subtle.verify({ name: "RSA-PSS", saltLength }, key, signature, prepared);
  if (!holds) throw new RangeError("not a signature of this token");
  return signature;
}
