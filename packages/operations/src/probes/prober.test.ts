import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Evidence, HttpProbeSpec, ProbeSpec } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { proberOf } from './prober.ts';
import { probeInChild, startHungServer } from './testing/trial-process.ts';
import { serveHttp, serveTcp } from './testing/trial-server.ts';

const CALM = new AbortController().signal;
/** Long enough for a busy machine; what has to run out of time waits for less. */
const timeoutMs = 60_000;
/** Enough to get to where a server falls silent. */
const SHORT_MS = 5000;

async function probe(spec: ProbeSpec): Promise<Evidence | undefined> {
  return (await proberOf([spec])(CALM))[0];
}

function web(url: string, more: Partial<HttpProbeSpec> = {}): HttpProbeSpec {
  return { name: 'web', kind: 'http', url, timeoutMs, ...more };
}

function tcp(port: number, host = '127.0.0.1'): ProbeSpec {
  return { name: 'web', kind: 'tcp', host, port, timeoutMs };
}

const PAGES: Readonly<Record<string, RequestListener>> = {
  '/health': (_, response) => response.setHeader('content-type', 'application/json').end('{"state":"ok"}'),
  '/broken': (_, response) => response.writeHead(503).end('no database'),
  '/made': (_, response) => response.writeHead(201).end(),
  '/zipped': (_, response) => response.setHeader('content-encoding', 'gzip').end(Buffer.from([0x1f, 0x8b, 0])),
  '/cookie': (_, response) => response.setHeader('set-cookie', ['session=secret']).end(),
  '/moved': (_, response) => response.writeHead(301, { location: '/health?token=secret' }).end(),
  '/lost': (_, response) => response.writeHead(302).end(),
  '/away': (_, response) => response.writeHead(302, { location: 'ftp://files.example.com/' }).end(),
  '/circle': (_, response) => response.writeHead(308, { location: '/circle' }).end(),
  '/echo': ({ headers }, response) => response.end(JSON.stringify(headers)),
  '/split': (_, response) => {
    response.write('{"state":"o');
    setImmediate(() => response.end('k"}'));
  },
  '/endless': (_, response) => {
    const more = () => {
      while (response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  },
  '/stream': (_, response) => response.write('data: ok\n\n'),
  '/halting': (_, response) => response.write('data: '),
  '/cut': (_, response) => {
    response.setHeader('content-length', 100);
    response.write('{"state":', () => response.destroy());
  },
};

const page: RequestListener = (request, response) =>
  PAGES[new URL(`http://x${request.url}`).pathname]?.(request, response);

describe('an HTTP probe', () => {
  it.each<[verdict: Evidence['verdict'], path: string, more: Partial<HttpProbeSpec>, seen: string]>([
    ['healthy', '/health', {}, '/health answers 200'],
    ['healthy', '/made', {}, '/made answers 201'],
    ['healthy', '/broken', { status: 503 }, '/broken answers 503'],
    ['healthy', '/made', { status: [200, 201] }, '/made answers 201'],
    ['unhealthy', '/broken', {}, '/broken answers 503 instead of 200–299'],
    ['unhealthy', '/made', { status: 200 }, '/made answers 201 instead of 200'],
    ['unhealthy', '/broken', { status: [200, 204] }, '/broken answers 503 instead of 200 or 204'],
    ['healthy', '/health', { body: '"ok"' }, '/health answers 200'],
    ['unhealthy', '/health', { body: 'fine' }, '/health answers 200, but its body (14 bytes) lacks "fine"'],
    ['unhealthy', '/zipped', { body: 'ok' }, '/zipped answers 200, but its body (3 bytes, gzip) lacks "ok"'],
    ['unhealthy', '/cut', { body: 'ok' }, '/cut answers 200, but its body broke off (9 bytes) and lacks "ok"'],
    ['healthy', '/split', { body: '"ok"' }, '/split answers 200'],
    ['healthy', '/stream', { body: 'ok' }, '/stream answers 200'],
    ['healthy', '/endless', {}, '/endless answers 200'],
    ['unhealthy', '/endless', { body: 'ok' }, '/endless answers 200, but the first MiB of its body lacks "ok"'],
    ['healthy', '/health', { answerHeaders: { 'Content-Type': 'json', date: '' } }, '/health answers 200'],
    [
      'unhealthy',
      '/health',
      { answerHeaders: { 'X-Version': '2' } },
      '/health answers 200, but its header `X-Version` is missing',
    ],
    [
      'unhealthy',
      '/health',
      { answerHeaders: { 'content-type': 'html' } },
      '/health answers 200, but its header `content-type` is "application/json" and lacks "html"',
    ],
    [
      'unhealthy',
      '/cookie',
      { answerHeaders: { 'set-cookie': 'other' } },
      '/cookie answers 200, but its header `set-cookie` lacks "other"',
    ],
    ['healthy', '/echo', { headers: { 'X-Probe': 'me' }, body: '"x-probe":"me"' }, '/echo answers 200'],
    ['healthy', '/echo?a=b', {}, '/echo?… answers 200'],
    ['unhealthy', '/lost', {}, '/lost answers 302 instead of 200–299, and does not say where it leads'],
    [
      'unhealthy',
      '/lost',
      { redirects: true },
      '/lost answers 302 instead of 200–299, and does not say where it leads',
    ],
    [
      'unhealthy',
      '/away',
      { redirects: true },
      '/away answers 302 instead of 200–299, and leads to "ftp://files.example.com/", which is no web address',
    ],
    ['healthy', '/moved', { status: 301 }, '/moved answers 301'],
  ])('is %s at %s with %j', async (verdict, path, more, seen) => {
    await using server = await serveHttp(page);
    const origin = `http://127.0.0.1:${server.port}`;
    expect(await probe(web(`${origin}${path}`, more))).toEqual({ subject: 'web', verdict, seen: `${origin}${seen}` });
  });

  it('ends at its timeout, with what came so far', async () => {
    await using server = await serveHttp(page);
    const origin = `http://127.0.0.1:${server.port}`;
    expect(await probe(web(`${origin}/halting`, { body: 'ok', timeoutMs: SHORT_MS }))).toMatchObject({
      verdict: 'unhealthy',
      seen: `${origin}/halting answers 200, but its body did not end within 5 s (6 bytes) and lacks "ok"`,
    });
  });

  it('is called by its Host header, and reached by its address', async () => {
    await using server = await serveHttp(page);
    const spec = web(`http://127.0.0.1:${server.port}/echo`, {
      headers: { hOsT: 'docs.example.com' },
      body: '"host":"docs.example.com"',
    });
    expect(await probe(spec)).toMatchObject({
      verdict: 'healthy',
      seen: `http://127.0.0.1:${server.port}/echo as docs.example.com answers 200`,
    });
  });

  it('reaches an IPv6 address', async () => {
    await using server = await serveHttp(page, '::1');
    const url = `http://[::1]:${server.port}/health`;
    expect(await probe(web(url))).toMatchObject({ verdict: 'healthy', seen: `${url} answers 200` });
  });
});

describe('a redirect', () => {
  it('is not followed, and the evidence says where it leads and how to follow it', async () => {
    await using server = await serveHttp(page);
    const origin = `http://127.0.0.1:${server.port}`;
    expect((await probe(web(`${origin}/moved`)))?.seen).toBe(
      `${origin}/moved answers 301 instead of 200–299, and leads to ${origin}/health?… → write that address, or \`redirects: true\``,
    );
  });

  it('is followed when asked for, and the last answer counts', async () => {
    await using server = await serveHttp(page);
    const origin = `http://127.0.0.1:${server.port}`;
    expect(await probe(web(`${origin}/moved`, { redirects: true, body: 'ok' }))).toMatchObject({
      verdict: 'healthy',
      seen: `${origin}/moved leads to ${origin}/health?…, which answers 200`,
    });
  });

  it('is followed five times', async () => {
    let asked = 0;
    await using server = await serveHttp((request, response) => {
      asked += 1;
      page(request, response);
    });
    const url = `http://127.0.0.1:${server.port}/circle`;
    expect(await probe(web(url, { redirects: true }))).toMatchObject({
      verdict: 'unhealthy',
      seen: `${url} leads to ${url}, which leads on, after 5 redirects`,
    });
    expect(asked).toBe(6);
  });

  it('to what does not answer says how it came there', async () => {
    const { port } = await closedServer();
    await using server = await serveHttp((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end(),
    );
    const url = `http://127.0.0.1:${server.port}/`;
    expect(await probe(web(url, { redirects: true }))).toMatchObject({
      verdict: 'unhealthy',
      seen: `${url} leads to http://127.0.0.1:${port}/: 127.0.0.1:${port} refuses connections: nothing listens there`,
    });
  });

  it('to another host takes no header along', async () => {
    await using other = await serveHttp(page);
    await using server = await serveHttp((_, response) =>
      response.writeHead(302, { location: `http://localhost:${other.port}/echo` }).end(),
    );
    const spec = web(`http://127.0.0.1:${server.port}/`, { headers: { 'X-Probe': 'secret' }, redirects: true });
    expect((await probe({ ...spec, body: 'x-probe' }))?.seen).toContain('lacks "x-probe"');
    expect((await probe({ ...spec, body: `"host":"localhost:${other.port}"` }))?.verdict).toBe('healthy');
  });
});

describe('a TCP probe', () => {
  it('is healthy when the connection is taken', async () => {
    await using server = await serveTcp(() => {});
    const seen = `127.0.0.1:${server.port} accepts connections`;
    expect(await probe(tcp(server.port))).toEqual({ subject: 'web', verdict: 'healthy', seen });
  });

  it('reaches an IPv6 address', async () => {
    await using server = await serveTcp(() => {}, '::1');
    const seen = `[::1]:${server.port} accepts connections`;
    expect(await probe(tcp(server.port, '::1'))).toMatchObject({ verdict: 'healthy', seen });
  });

  it('tries every address of a name', async () => {
    await using server = await serveTcp(() => {});
    expect(await probe(tcp(server.port, 'localhost'))).toMatchObject({ verdict: 'healthy' });
  });
});

describe('a service that does not answer', () => {
  it.each(['127.0.0.1', 'localhost'])('is unhealthy when %s refuses connections', async (host) => {
    const { port } = await closedServer();
    const seen = `${host}:${port} refuses connections: nothing listens there`;
    expect(await probe(tcp(port, host))).toMatchObject({ verdict: 'unhealthy', seen });
    expect(await probe(web(`http://${host}:${port}/`))).toMatchObject({ verdict: 'unhealthy', seen });
  });

  it.each<[what: string, talk: Parameters<typeof serveTcp>[0], seen: string]>([
    ['says nothing', () => {}, 'took the connection, but sent no answer within 5 s'],
    ['hangs up', (socket) => socket.end(), 'closed the connection without an answer'],
    [
      'resets',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'closed the connection without an answer',
    ],
    [
      'speaks something else',
      (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
      'answers, but not in HTTP (HPE_INVALID_CONSTANT) → is this the right port and scheme?',
    ],
    ['sends endless headers', pour, 'answers with more than 16 KiB of headers'],
    [
      'changes the protocol unasked',
      (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      'failed: the connection was closed',
    ],
  ])('is unhealthy when it %s', async (_, talk, seen) => {
    await using server = await serveTcp(talk);
    const url = `http://127.0.0.1:${server.port}/`;
    expect(await probe(web(url, { timeoutMs: SHORT_MS }))).toEqual({
      subject: 'web',
      verdict: 'unhealthy',
      seen: `${url} ${seen}`,
    });
  });
});

describe('what can not be measured is unknown:', () => {
  it('a name that this machine can not look up', async () => {
    const evidence = await probe(web('http://nowhere.invalid/'));
    expect(evidence?.verdict).toBe('unknown');
    expect(evidence?.seen).toMatch(
      /^nowhere\.invalid:80: the DNS of this machine has no address for it \(E\w+\) → mend/,
    );
  });

  it('an address without a route', async () => {
    expect(await probe(tcp(9, '255.255.255.255'))).toMatchObject({
      verdict: 'unknown',
      seen: '255.255.255.255:9: this machine has no route there (ENETUNREACH)',
    });
  });

  it('silence before there is a connection', async () => {
    await using server = await startHungServer();
    const evidence = await probe({ ...tcp(server.port), timeoutMs: SHORT_MS });
    expect(evidence).toMatchObject({
      verdict: 'unknown',
      seen: `127.0.0.1:${server.port} did not take the connection within 5 s → is there a firewall between this machine and that one?`,
    });
  });

  it('no file descriptors', async () => {
    const before = `const { openSync } = await import('node:fs'); try { for (;;) openSync('/dev/null') } catch {}`;
    expect(await probeInChild([tcp(9)], { before })).toMatchObject([
      { verdict: 'unknown', seen: '127.0.0.1:9: this process has no file descriptor left (EMFILE)' },
    ]);
  });
});

describe('a look', () => {
  it('ends with the reason of its signal when the run is cancelled', async () => {
    const controller = new AbortController();
    const stop = new Error('cancelled');
    await using server = await serveTcp(() => controller.abort(stop));
    await expect(proberOf([web(`http://127.0.0.1:${server.port}/`)])(controller.signal)).rejects.toBe(stop);
  });

  it('leaves no connection open', async () => {
    await using server = await serveTcp(() => {});
    await using pages = await serveHttp(page);
    const specs = [tcp(server.port), web(`http://127.0.0.1:${pages.port}/endless`)];
    await proberOf(specs)(CALM);
    await server.idle();
    await pages.idle();
  });

  it('tells the probes apart, in their order', async () => {
    await using server = await serveHttp(page);
    const origin = `http://127.0.0.1:${server.port}`;
    const specs = [web(`${origin}/broken`), web(`${origin}/health`)].map((spec, i) => ({ ...spec, name: `web${i}` }));
    const looks = await proberOf(specs)(CALM);
    expect(looks.map(({ subject, verdict }) => [subject, verdict])).toEqual([
      ['web0', 'unhealthy'],
      ['web1', 'healthy'],
    ]);
  });
});

async function closedServer(): Promise<{ readonly port: number }> {
  await using server = await serveTcp(() => {});
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  return { port: server.port };
}

function pour(socket: Socket): void {
  socket.write(`HTTP/1.1 200 OK\r\n${'x-filler: filler\r\n'.repeat(2000)}`);
}
