import { createECDH, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { WireReader, wireString, wireUint32 } from './wire.ts';

/*
 * ssh2 knows no host certificates. But a certificate is public and vouches for itself, so it may be fetched in the
 * clear: the first half of a key exchange (RFC 4253 §7, RFC 5656 §4, RFC 8731) shows it, and then we hang up. That the
 * host has the certified key is proven afterwards, by the handshake of ssh2, which pins that key.
 */

const CERTIFICATE_ALGORITHMS = [
  'ssh-ed25519-cert-v01@openssh.com',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'ecdsa-sha2-nistp384-cert-v01@openssh.com',
  'ecdsa-sha2-nistp521-cert-v01@openssh.com',
  'rsa-sha2-512-cert-v01@openssh.com',
  'rsa-sha2-256-cert-v01@openssh.com',
];
const EXCHANGES = ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256'];
const CIPHERS = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'];
const MACS = ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'];

const DISCONNECT = 1;
const KEXINIT = 20;
const KEX_ECDH_INIT = 30;
const KEX_ECDH_REPLY = 31;

/** RFC 4253 §6.1 asks for 35000; only a host that means harm sends more in the clear. */
const LONGEST_PACKET_BYTES = 262_144;

/** Fetches the certificate of a host over an open stream. Undefined: the host shows none. */
export async function fetchCertificate(stream: Duplex): Promise<Buffer | undefined> {
  stream.write('SSH-2.0-gitops\r\n');
  stream.write(packet(kexInit()));
  for await (const payload of payloadsOf(stream)) {
    if (payload[0] === DISCONNECT) return undefined;
    if (payload[0] === KEXINIT) stream.write(packet(kexEcdhInit(payload)));
    if (payload[0] === KEX_ECDH_REPLY) return new WireReader(payload, 1).string();
  }
  return undefined;
}

function kexInit(): Buffer {
  const lists = [EXCHANGES, CERTIFICATE_ALGORITHMS, CIPHERS, CIPHERS, MACS, MACS, ['none'], ['none'], [], []];
  const names = lists.map((list) => wireString(list.join(',')));
  return Buffer.concat([Buffer.of(KEXINIT), randomBytes(16), ...names, Buffer.of(0), wireUint32(0)]);
}

function kexEcdhInit(serverKexInit: Buffer): Buffer {
  const offered = new WireReader(serverKexInit, 17).text().split(',');
  const chosen = EXCHANGES.find((name) => offered.includes(name));
  // Nobody derives a key from it, so any number does for a point of Curve25519.
  const point = chosen === 'ecdh-sha2-nistp256' ? createECDH('prime256v1').generateKeys() : randomBytes(32);
  return Buffer.concat([Buffer.of(KEX_ECDH_INIT), wireString(point)]);
}

function packet(payload: Buffer): Buffer {
  const paddingBytes = 4 + ((8 - ((payload.length + 9) % 8)) % 8);
  const head = Buffer.concat([wireUint32(1 + payload.length + paddingBytes), Buffer.of(paddingBytes)]);
  return Buffer.concat([head, payload, Buffer.alloc(paddingBytes)]);
}

async function* payloadsOf(stream: Duplex): AsyncGenerator<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  let greeted = false;
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length > LONGEST_PACKET_BYTES) return;
    if (!greeted) {
      const rest = afterGreeting(bytes);
      if (!rest) continue;
      [greeted, bytes] = [true, rest];
    }
    for (let next = firstPayload(bytes); next; next = firstPayload(bytes)) {
      bytes = next.rest;
      yield next.payload;
    }
  }
}

/** What follows the line `SSH-2.0-…`, before which a host may send others. */
function afterGreeting(bytes: Buffer): Buffer | undefined {
  const greeting = /(?:^|\n)SSH-[^\n]*\n/.exec(bytes.toString('latin1'));
  return greeting ? bytes.subarray(greeting.index + greeting[0].length) : undefined;
}

function firstPayload(bytes: Buffer): { readonly payload: Buffer; readonly rest: Buffer } | undefined {
  if (bytes.length < 5) return undefined;
  const end = 4 + bytes.readUInt32BE(0);
  if (bytes.length < end) return undefined;
  return { payload: bytes.subarray(5, end - bytes.readUInt8(4)), rest: bytes.subarray(end) };
}
