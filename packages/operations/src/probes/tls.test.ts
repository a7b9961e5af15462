import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Evidence, HttpProbeSpec, TlsSpec } from '@gitops/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proberOf } from './prober.ts';
import { type Credentials, TrialAuthority, type Wanted } from './testing/trial-authority.ts';
import { probeInChild } from './testing/trial-process.ts';
import { serveHttp, serveHttps, serveTcp } from './testing/trial-server.ts';

let authority: TrialAuthority;
let stranger: TrialAuthority;
beforeAll(async () => {
  authority = await TrialAuthority.create();
  stranger = await TrialAuthority.create();
});
afterAll(async () => {
  await authority?.[Symbol.asyncDispose]();
  await stranger?.[Symbol.asyncDispose]();
});

const DOCS = { Host: 'docs.example.com' };

function docs(port: number, tls?: TlsSpec, more: Partial<HttpProbeSpec> = {}): HttpProbeSpec {
  const url = `https://127.0.0.1:${port}/`;
  return { name: 'docs', kind: 'http', url, headers: DOCS, timeoutMs: 60_000, ...(tls && { tls }), ...more };
}

async function probe(spec: HttpProbeSpec): Promise<Evidence | undefined> {
  return (await proberOf([spec])(new AbortController().signal))[0];
}

const ok: RequestListener = (_, response) => response.end('ok');

/** A socket of TLS knows the name that was asked for. */
const tellName: RequestListener = ({ socket, headers }: IncomingMessage, response) =>
  response.end(JSON.stringify({ sni: socket instanceof TLSSocket && socket.servername, ...headers }));

describe('a certificate that is good', () => {
  it('is one of an authority that the probe names, for the Host it names, which goes out as SNI', async () => {
    await using server = await serveHttps(await authority.issue(), tellName);
    const spec = docs(server.port, { ca: authority.certificate }, { body: '{"sni":"docs.example.com"' });
    expect(await probe(spec)).toEqual({
      subject: 'docs',
      verdict: 'healthy',
      seen: `https://127.0.0.1:${server.port}/ as docs.example.com answers 200`,
    });
  });

  it('is one for the IP address itself, without SNI', async () => {
    await using server = await serveHttps(await authority.issue({ names: 'IP:127.0.0.1' }), tellName);
    const spec = docs(server.port, { ca: authority.certificate }, { headers: {}, body: '{"sni":false' });
    expect(await probe(spec)).toMatchObject({ verdict: 'healthy' });
  });

  it('is a self-signed one that the probe names', async () => {
    const credentials = await authority.selfSigned('DNS:docs.example.com');
    await using server = await serveHttps(credentials, ok);
    expect(await probe(docs(server.port, { ca: credentials.cert }))).toMatchObject({ verdict: 'healthy' });
  });

  it('is one of the roots of the system', async () => {
    await using server = await serveHttps(await authority.issue(), ok);
    const file = authority.path('system.pem');
    await writeFile(file, authority.certificate);
    const specs = [docs(server.port), { ...docs(server.port), name: 'again' }];
    expect(await probeInChild(specs, { environment: { SSL_CERT_FILE: file } })).toMatchObject([
      { verdict: 'healthy' },
      { verdict: 'healthy' },
    ]);
  });

  it('is any with `verify: false`, and the evidence says so', async () => {
    await using server = await serveHttps(await stranger.issue({ untilDays: -1 }), ok);
    expect(await probe(docs(server.port, { verify: false }))).toMatchObject({
      verdict: 'healthy',
      seen: expect.stringMatching(/answers 200, its certificate unverified$/),
    });
  });
});

describe('a certificate that soon expires', () => {
  it.each<[verdict: string, wanted: Wanted]>([
    ['healthy', { fromDays: -75, untilDays: 15 }],
    ['degraded', { fromDays: -77, untilDays: 13 }],
    ['healthy', { fromDays: -4, untilDays: 2 }],
    ['degraded', { fromDays: -5, untilDays: 1 }],
  ])('is %s with a life of %j', async (verdict, wanted) => {
    await using server = await serveHttps(await authority.issue(wanted), ok);
    const evidence = await probe(docs(server.port, { ca: authority.certificate }));
    expect(evidence?.verdict).toBe(verdict);
    if (verdict === 'degraded') {
      expect(evidence?.seen).toMatch(
        /answers 200, but its certificate expires at \d{4}-\d\d-\d\d \d\d:\d\d UTC → renew it/,
      );
    }
  });
});

describe('a certificate that is not to be trusted', () => {
  it.each<[what: string, credentials: () => Promise<Credentials>, tls: (() => TlsSpec) | undefined, seen: RegExp]>([
    [
      'has expired',
      () => authority.issue({ untilDays: -1 }),
      () => ({ ca: authority.certificate }),
      /: its certificate expired at \d{4}-\d\d-\d\d \d\d:\d\d UTC → renew it$/,
    ],
    [
      'is not valid yet',
      () => authority.issue({ fromDays: 1 }),
      () => ({ ca: authority.certificate }),
      /: its certificate is not valid before \d{4}-.* UTC → compare the clock/,
    ],
    [
      'is for another host',
      () => authority.issue({ names: 'DNS:other.example.com,DNS:www.example.com' }),
      () => ({ ca: authority.certificate }),
      /: its certificate is for DNS:other\.example\.com, DNS:www\.example\.com, not for docs\.example\.com → /,
    ],
    [
      'is self-signed',
      () => authority.selfSigned('DNS:docs.example.com'),
      undefined,
      /: its certificate is self-signed → put it in the repository and name it in `tls\.ca`$/,
    ],
    [
      'is self-signed, and not the one that is named',
      () => authority.selfSigned('DNS:docs.example.com'),
      () => ({ ca: authority.certificate }),
      /: its certificate is self-signed → name that very certificate in `tls\.ca`$/,
    ],
    [
      'comes from an authority that nobody knows',
      () => stranger.issue(),
      undefined,
      /: its certificate was issued by CN=Trial Authority, which is not known here → name .* or let the server send the whole/,
    ],
    [
      'comes from an authority that was made anew under the name of the one that is named',
      () => stranger.issue(),
      () => ({ ca: authority.certificate }),
      /: its certificate was issued by CN=Trial Authority, which `tls\.ca` does not hold → name /,
    ],
    [
      'comes from another authority than the one that is named',
      async () => withChain(await stranger.issue(), stranger),
      () => ({ ca: authority.certificate }),
      /: its certificate was issued by CN=Trial Authority, which `tls\.ca` does not hold → name .* there$/,
    ],
  ])('%s: nothing is sent, and the evidence says why', async (_, credentials, tls, seen) => {
    let asked = 0;
    await using server = await serveHttps(await credentials(), (request, response) => {
      asked += 1;
      ok(request, response);
    });
    const evidence = await probe(docs(server.port, tls?.()));
    expect(evidence?.verdict).toBe('unhealthy');
    expect(evidence?.seen).toMatch(seen);
    expect(evidence?.seen.startsWith(`127.0.0.1:${server.port}: `)).toBe(true);
    expect(asked).toBe(0);
  });
});

describe('a TLS handshake that fails', () => {
  it('says that the port speaks no TLS', async () => {
    await using server = await serveHttp(ok);
    expect(await probe(docs(server.port))).toMatchObject({
      verdict: 'unhealthy',
      seen: `127.0.0.1:${server.port} does not speak TLS with us: what answers is no TLS → write http://, or the port of TLS`,
    });
  });

  it('says that the server does not know the name', async () => {
    const SNICallback = (_: string, done: (error: Error) => void) => done(new Error('no such name'));
    await using server = await serveHttps({ ...(await authority.issue()), SNICallback }, ok);
    const evidence = await probe(docs(server.port));
    expect(evidence?.verdict).toBe('unhealthy');
    expect(evidence?.seen).toContain('closed the connection during the TLS handshake');
  });

  it('says that the server wants a certificate of ours', async () => {
    await using server = await serveHttps(
      { ...(await authority.issue()), requestCert: true, rejectUnauthorized: true, ca: stranger.certificate },
      ok,
    );
    const evidence = await probe(docs(server.port, { ca: authority.certificate }));
    expect(evidence?.verdict).toBe('unhealthy');
    expect(evidence?.seen).toMatch(/asks for a certificate of the client|closed the connection without an answer/);
  });

  it('says that the server is silent', async () => {
    await using server = await serveTcp(() => {});
    expect(await probe(docs(server.port, undefined, { timeoutMs: 5000 }))).toMatchObject({
      verdict: 'unhealthy',
      seen: `127.0.0.1:${server.port} took the connection, but did not finish the TLS handshake within 5 s`,
    });
  });

  it('says that a port of TLS was asked in the clear', async () => {
    await using server = await serveHttps(await authority.issue(), ok);
    const evidence = await probe(docs(server.port, undefined, { url: `http://127.0.0.1:${server.port}/` }));
    expect(evidence?.verdict).toBe('unhealthy');
  });
});

describe('a redirect from http:// to https://', () => {
  it('of the same name stays at the address that is probed, headers included', async () => {
    await using secure = await serveHttps(await authority.issue(), tellName);
    await using plain = await serveHttp((_, response) =>
      response.writeHead(308, { location: `https://docs.example.com:${secure.port}/login` }).end(),
    );
    const spec = docs(
      plain.port,
      { ca: authority.certificate },
      {
        url: `http://127.0.0.1:${plain.port}/`,
        headers: { ...DOCS, 'X-Probe': 'me' },
        redirects: true,
        body: '{"sni":"docs.example.com"',
      },
    );
    expect(await probe(spec)).toMatchObject({ verdict: 'healthy' });
    expect(await probe({ ...spec, body: '"x-probe":"me"' })).toMatchObject({ verdict: 'healthy' });
  });

  it('and back again leaves the headers behind', async () => {
    await using plain = await serveHttp(tellName);
    await using secure = await serveHttps(await authority.issue(), (_, response) =>
      response.writeHead(302, { location: `http://docs.example.com:${plain.port}/` }).end(),
    );
    const spec = docs(
      secure.port,
      { ca: authority.certificate },
      { headers: { ...DOCS, 'X-Probe': 'me' }, redirects: true },
    );
    expect((await probe({ ...spec, body: 'x-probe' }))?.seen).toContain('lacks "x-probe"');
  });
});

function withChain({ key, cert }: Credentials, { certificate }: TrialAuthority): Credentials {
  return { key, cert: `${cert}${certificate}` };
}
