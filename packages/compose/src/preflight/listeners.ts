import { SocketAddress } from 'node:net';
import type { Listener } from './host-facts.ts';

/** Reads the parts `listeners` and `holders` of the program `preflight`. */
export function readListeners(lines: readonly string[], holders: readonly string[]): readonly Listener[] {
  const byInode = new Map(holders.map(holder));
  return lines.map((line) => {
    const [protocol = '', address = '', port = '', inode = ''] = line.split(' ');
    const number = Number(port);
    const { program = '', container = '' } = byInode.get(inode) ?? {};
    return {
      port: { address: readAddress(address), first: number, last: number, protocol },
      program,
      container: container === '-' ? '' : container,
    };
  });
}

/** `INODE CONTAINER PROGRAM` */
function holder(line: string): readonly [inode: string, Pick<Listener, 'program' | 'container'>] {
  const [inode = '', container = '', ...program] = line.split(' ');
  return [inode, { container, program: program.join(' ') }];
}

const MAPPED = /^::ffff:(?=\d+\.)/;

/**
 * An address of `/proc/net/tcp` or `tcp6`: words of 32 bits in the order of the processor, which is little-endian wherever Docker
 * is found. Whoever listens at `::` has the addresses of the other family too, unless it declines them.
 */
function readAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  if (bytes.length === 4) return bytes.join('.');
  const groups = bytes.flatMap((byte, index) => (index % 2 === 0 ? [(byte << 8) | (bytes[index + 1] ?? 0)] : []));
  const address = groups.map((group) => group.toString(16)).join(':');
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address.replace(MAPPED, '');
  return canonical === '::' ? '' : canonical;
}
