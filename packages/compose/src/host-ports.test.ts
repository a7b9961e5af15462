import { describe, expect, it } from 'vitest';
import { listedPort, overlap, publishedPort, showPort } from './host-ports.ts';

describe('a published port', () => {
  it.each([
    [
      { target: 80, published: '8080' },
      { address: '', first: 8080, last: 8080, protocol: 'tcp' },
    ],
    [
      { published: '8000-8010', protocol: 'udp', host_ip: '[::1]' },
      { address: '::1', first: 8000, last: 8010, protocol: 'udp' },
    ],
    [{ target: 80 }, undefined],
    [{ target: 80, published: '0' }, undefined],
  ])('is read from %j', (port, expected) => {
    expect(publishedPort(port)).toEqual(expected);
  });
});

describe('a port that Docker lists', () => {
  it.each([
    ['0.0.0.0:80->80/tcp', { address: '0.0.0.0', first: 80, last: 80, protocol: 'tcp' }],
    [':::8000-8010->8000-8010/tcp', { address: '::', first: 8000, last: 8010, protocol: 'tcp' }],
    ['[::]:53->53/udp', { address: '::', first: 53, last: 53, protocol: 'udp' }],
    ['443/tcp', undefined],
  ])('is read from %s', (text, expected) => {
    expect(listedPort(text)).toEqual(expected);
  });

  it.each(['80/tcp', '8000-8010/tcp'])('is shown as %s', (text) => {
    const port = listedPort(`127.0.0.1:${text.replace('/', `->${text.replace('/tcp', '')}/`)}`);
    expect(port && showPort(port)).toBe(text);
  });
});

describe('two ports of the host', () => {
  const at = (address: string, first = 80, last = first, protocol = 'tcp') => ({ address, first, last, protocol });

  it.each([
    ['the same', at(''), at('')],
    ['every address and one', at(''), at('127.0.0.1')],
    ['every address and one of IPv6', at('::1'), at('')],
    ['every address of IPv4 and one', at('0.0.0.0'), at('192.0.2.1')],
    ['every address of IPv6 and one', at('::'), at('2001:db8::1')],
    ['ranges that touch', at('', 80, 90), at('', 90, 99)],
  ])('exclude each other: %s', (_, a, b) => {
    expect([overlap(a, b), overlap(b, a)]).toEqual([true, true]);
  });

  it.each([
    ['two addresses', at('127.0.0.1'), at('192.0.2.1')],
    ['every address of IPv4 and one of IPv6', at('0.0.0.0'), at('::1')],
    ['every address of either', at('0.0.0.0'), at('::')],
    ['two protocols', at(''), at('', 80, 80, 'udp')],
    ['two numbers', at(''), at('', 81)],
  ])('stand beside each other: %s', (_, a, b) => {
    expect([overlap(a, b), overlap(b, a)]).toEqual([false, false]);
  });
});
