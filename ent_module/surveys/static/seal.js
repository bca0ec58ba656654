// Seals a ballot to the campaign's key: HPKE in base mode (RFC 9180) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and
// AES-256-GCM, by WebCrypto. It opens for the campaign, cohort and token it was made for, and all have one length.

import { join } from "./blind.js";

const SIZE = 4096;
const P256 = { name: "ECDH", namedCurve: "P-256" };
const KEM = [...text("KEM"), 0x00, 0x10];
const SUITE = [...text("HPKE"), 0x00, 0x10, 0x00, 0x01, 0x00, 0x02];
const { subtle } = crypto;

function text(words) {
  return new TextEncoder().encode(words);
}

async function hmac(key, ...parts) {
  const made = await subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", made, join(...parts)));
}

// LabeledExtract and LabeledExpand (RFC 9180, 4), never of more than one block. An empty salt is one of zeros.
const NONE = new Uint8Array(32);
const extract = (suite, salt, label, value) => hmac(salt, text("HPKE-v1"), suite, text(label), value);
const expand = async (suite, key, label, info, size) =>
  (await hmac(key, [0, size], text("HPKE-v1"), suite, text(label), info, [1])).slice(0, size);

// A secret shared with the holder of the key, and the share that lets them find it (4.1, Encap).
async function encapsulate(point) {
  const theirs = await subtle.importKey("raw", point, P256, false, []);
  const ours = await subtle.generateKey(P256, false, ["deriveBits"]);
  const share = new Uint8Array(await subtle.exportKey("raw", ours.publicKey));
  const common = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256));
  const key = await extract(KEM, NONE, "eae_prk", common);
  return [await expand(KEM, key, "shared_secret", join(share, point), 32), share];
}

async function encrypt(point, info, plain) {
  const [shared, share] = await encapsulate(point);
  const told = [await extract(SUITE, NONE, "psk_id_hash", []), await extract(SUITE, NONE, "info_hash", info)];
  const context = join([0], ...told);
  const secret = await extract(SUITE, shared, "secret", []);
  const raw = await expand(SUITE, secret, "key", context, 32);
  const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const iv = await expand(SUITE, secret, "base_nonce", context, 12);
  return join(share, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, key, plain)));
}

// The answers sealed, 4,177 bytes. Throws where they are too long.
export async function seal(point, campaign, cohort, prepared, answers) {
  const said = text(JSON.stringify(answers));
  if (said.length > SIZE - 2) throw new RangeError("too long for a ballot");
  const plain = new Uint8Array(SIZE);
  plain.set([said.length >> 8, said.length & 255]);
  plain.set(said, 2);
  const digest = new Uint8Array(await subtle.digest("SHA-256", prepared));
  return encrypt(point, join(text("ent-seal/1"), campaign, cohort, digest), plain);
}
