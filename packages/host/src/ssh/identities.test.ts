import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectOptions, connect } from './connect.ts';
import { fingerprint } from './host-key.ts';
import { type KeyFile, KeyFolder } from './testing/key-files.ts';
import { startAgent } from './testing/local-agent.ts';
import { type LocalSshd, startSshd } from './testing/local-sshd.ts';
import { errorOf, script } from './testing/trial-script.ts';

const folder = new KeyFolder();
const PASSPHRASE = 'correct horse "battery" staple';
let sshd: LocalSshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(async () => {
  await sshd[Symbol.asyncDispose]();
  folder.remove();
});

async function logsIn(options: Partial<ConnectOptions>, host = sshd): Promise<boolean> {
  await using connection = await connect(host.options(options));
  return (await connection.run(script('true'))).code === 0;
}

function fingerprintOf({ publicText }: KeyFile): string {
  return fingerprint(Buffer.from(publicText.split(' ')[1] ?? '', 'base64'));
}

const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const ec = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const KINDS: readonly (readonly [string, (name: string, passphrase: string) => KeyFile])[] = [
  ['Ed25519 in OpenSSH format', (name, passphrase) => folder.make(name, ['-t', 'ed25519'], passphrase)],
  ['RSA in OpenSSH format', (name, passphrase) => folder.make(name, ['-t', 'rsa', '-b', '2048'], passphrase)],
  [
    'ECDSA of 521 bits in OpenSSH format',
    (name, passphrase) => folder.make(name, ['-t', 'ecdsa', '-b', '521'], passphrase),
  ],
  ['RSA in PKCS#1', (name, passphrase) => folder.make(name, ['-t', 'rsa', '-b', '2048', '-m', 'PEM'], passphrase)],
  ['ECDSA in SEC 1', (name, passphrase) => folder.make(name, ['-t', 'ecdsa', '-b', '384', '-m', 'PEM'], passphrase)],
  ['RSA in PKCS#8', (name, passphrase) => folder.makePkcs8(name, rsa, passphrase)],
  ['ECDSA in PKCS#8', (name, passphrase) => folder.makePkcs8(name, ec, passphrase)],
  ['Ed25519 in PKCS#8', (name, passphrase) => folder.makePkcs8(name, ['-algorithm', 'ED25519'], passphrase)],
];

describe.each(KINDS)('a key that is %s', (kind, make) => {
  const name = kind.replaceAll(/\W/g, '_');

  it('logs in', async () => {
    const { privateText, publicText } = make(name, '');
    sshd.authorize(publicText);
    expect(await logsIn({ keys: [{ text: privateText }] })).toBe(true);
  });

  it('logs in with its passphrase, and says which of none and a wrong one it got', async () => {
    const { privateText, publicText } = make(`${name}_locked`, PASSPHRASE);
    sshd.authorize(publicText);
    const withPassphrase = (passphrase?: string) => ({
      keys: [{ text: privateText, source: 'key.pem', ...(passphrase !== undefined && { passphrase }) }],
    });
    expect(await logsIn(withPassphrase(PASSPHRASE))).toBe(true);
    const none = await errorOf(connect(sshd.options(withPassphrase())));
    expect([none.code, none.seen]).toEqual(['ssh-private-key', 'it is encrypted and no passphrase is given']);
    expect((await errorOf(connect(sshd.options(withPassphrase(''))))).seen).toBe(none.seen);
    const wrong = await errorOf(connect(sshd.options(withPassphrase('wrong horse'))));
    expect([wrong.code, wrong.seen]).toEqual(['ssh-private-key', 'the passphrase does not open it']);
    expect(wrong.message).toContain('(key.pem)');
    expect(wrong.message).not.toContain('horse');
  });
});

describe('the passphrase of a locked key', () => {
  const locked = () => folder.make(`asked${Math.random()}`, ['-t', 'ed25519'], PASSPHRASE);

  it('is asked for if there is nothing else to try', async () => {
    const { privateText, publicText } = locked();
    sshd.authorize(publicText);
    const asked: string[] = [];
    const askPassphrase = async (source: string) => {
      asked.push(source);
      return PASSPHRASE;
    };
    expect(await logsIn({ keys: [{ text: privateText, source: '~/.ssh/id' }], askPassphrase })).toBe(true);
    expect(asked).toEqual(['~/.ssh/id']);
  });

  it('is not asked for while another key can be tried', async () => {
    const askPassphrase = () => Promise.reject(new Error('nobody should ask'));
    expect(await logsIn({ keys: [{ text: locked().privateText }, { text: sshd.userKey }], askPassphrase })).toBe(true);
  });
});

describe('several keys', () => {
  it('are tried in one connection until one is taken', async () => {
    const strangers = ['one', 'two', 'three'].map((name) => ({ text: folder.make(name).privateText }));
    expect(await logsIn({ keys: [...strangers, { text: sshd.userKey }] })).toBe(true);
  });

  it('that are one key count once against MaxAuthTries', async () => {
    await using strict = await startSshd({ config: ['MaxAuthTries 2'] });
    const stranger = { text: strict.strangerKey };
    expect(await logsIn({ keys: [stranger, stranger, stranger, { text: strict.userKey }] }, strict)).toBe(true);
  });

  it('that the host refuses are all named, with what was not tried', async () => {
    const [one, two] = [folder.make('refused1'), folder.make('refused2')];
    const locked = folder.make('refused3', ['-t', 'ed25519'], PASSPHRASE);
    const keys = [one, two, locked].map((key) => ({ text: key.privateText, source: key.path }));
    const error = await errorOf(connect(sshd.options({ keys })));
    expect(error.code).toBe('ssh-authentication');
    expect(error.seen).toContain(`${fingerprintOf(one)} (${one.path}), ${fingerprintOf(two)} (${two.path})`);
    expect(error.seen).toContain(`not tried: could not read the private key for SSH (${locked.path}): it is encrypted`);
  });

  it('that are more than MaxAuthTries allows say so', async () => {
    await using strict = await startSshd({ config: ['MaxAuthTries 2'] });
    const strangers = ['many1', 'many2', 'many3', 'many4'].map((name) => ({ text: folder.make(name).privateText }));
    const error = await errorOf(connect(strict.options({ keys: strangers })));
    expect(error.code).toBe('ssh-authentication');
    expect(error.seen).toContain('it hung up before the other 2 were tried (MaxAuthTries)');
    expect(error.remedy).toContain('name the one key');
  });
});

describe('an ssh-agent', () => {
  it.each([
    ['Ed25519', ['-t', 'ed25519']],
    ['RSA', ['-t', 'rsa', '-b', '2048']],
    ['ECDSA', ['-t', 'ecdsa', '-b', '256']],
  ])('logs in with its %s key', async (type, options) => {
    await using agent = await startAgent();
    const key = folder.make(`agent_${type}`, options);
    sshd.authorize(key.publicText);
    agent.add(key.path);
    expect(await logsIn({ keys: [], agentSocket: agent.socket })).toBe(true);
  });

  it('with several keys has them tried one by one, before the files', async () => {
    await using agent = await startAgent();
    for (const name of ['agent1', 'agent2', 'agent3']) agent.add(folder.make(name).path);
    expect(await logsIn({ keys: [{ text: sshd.userKey }], agentSocket: agent.socket })).toBe(true);
    const error = await errorOf(
      connect(sshd.options({ keys: [{ text: sshd.strangerKey }], agentSocket: agent.socket })),
    );
    expect(error.seen.match(/SHA256:\S+ \((.*?)\)/g)).toHaveLength(4);
    expect(error.seen).toMatch(/(?:.*\(the ssh-agent\)){3}.*\(the given key\)/);
  });

  it('that holds no key leaves it to the files, and says so if there are none', async () => {
    await using agent = await startAgent();
    expect(await logsIn({ agentSocket: agent.socket })).toBe(true);
    const error = await errorOf(connect(sshd.options({ keys: [], agentSocket: agent.socket })));
    expect([error.code, error.seen]).toEqual(['ssh-agent', expect.stringContaining(`${agent.socket} holds no key`)]);
  });

  it('that is gone leaves it to the files, and says so if there are none', async () => {
    const agentSocket = join(folder.path, 'nobody-listens');
    expect(existsSync(agentSocket)).toBe(false);
    expect(await logsIn({ agentSocket })).toBe(true);
    const error = await errorOf(connect(sshd.options({ keys: [], agentSocket })));
    expect([error.code, error.attempted]).toEqual(['ssh-agent', `ask the ssh-agent at ${agentSocket} for its keys`]);
  });

  it('that does not answer is not waited for longer than a host', async () => {
    await using agent = await startAgent();
    process.kill(agent.pid, 'SIGSTOP');
    const options = sshd.options({ keys: [], agentSocket: agent.socket, connectTimeoutMs: 300 });
    const error = await errorOf(connect(options));
    expect([error.code, error.seen]).toEqual(['ssh-agent', 'no answer within 0.3 s']);
  });

  it('that refuses to sign with a key has the next one tried', async () => {
    await using agent = await startAgent();
    const key = folder.make('to_confirm');
    sshd.authorize(key.publicText);
    // Nobody can confirm: there is no program to ask with.
    agent.add(key.path, '-c');
    expect(await logsIn({ keys: [{ text: sshd.userKey }], agentSocket: agent.socket })).toBe(true);
  });
});
