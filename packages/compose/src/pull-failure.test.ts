import { describe, expect, it } from 'vitest';
import { type PullFailureKind, pullFailureKind, pullFailureMeaning, pullFailureRemedy } from './pull-failure.ts';

/** As Docker 20.10 to 29 print them, with and without containerd's image store. */
it.each<[kind: PullFailureKind, said: string]>([
  ['unauthorised', 'Head "http://127.0.0.1:5000/v2/app/manifests/1": no basic auth credentials'],
  ['unauthorised', 'Get "https://reg.example.com/v2/app/manifests/1": unauthorized: authentication required'],
  ['unauthorised', 'unauthorized: incorrect username or password'],
  [
    'unauthorised',
    "pull access denied for app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  ],
  [
    'unauthorised',
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  [
    'unauthorised',
    'failed to resolve reference "ghcr.io/o/app:1": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Ao%2Fapp%3Apull&service=ghcr.io: 401 Unauthorized',
  ],
  [
    'unauthorised',
    'failed to resolve reference "ghcr.io/o/app:1": failed to authorize: failed to fetch oauth token: unexpected status: 403 Forbidden',
  ],
  ['unauthorised', 'error from registry: denied\ndenied'],
  ['unauthorised', 'unauthorized: HTTP Basic: Access denied'],
  ['not-found', 'manifest for 127.0.0.1:5000/app:2 not found: manifest unknown: manifest unknown'],
  ['not-found', 'manifest unknown'],
  ['not-found', 'repository 127.0.0.1:5000/app not found: name unknown: repository name not known to registry'],
  ['not-found', 'failed to resolve reference "docker.io/library/nginx:nope": docker.io/library/nginx:nope: not found'],
  [
    'rate-limit',
    'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
  ],
  [
    'rate-limit',
    'failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/o/app/manifests/sha256:7a: 429 Too Many Requests - Server message: toomanyrequests: slow down',
  ],
  ['rate-limit', 'error from registry: You have reached your unauthenticated pull rate limit.'],
  [
    'unknown-host',
    'Get "https://reg.example.com/v2/": dial tcp: lookup reg.example.com on 192.0.2.53:53: no such host',
  ],
  [
    'unknown-host',
    'Get "https://reg.example.com/v2/": dial tcp: lookup reg.example.com: Temporary failure in name resolution',
  ],
  [
    'unknown-host',
    'failed to do request: Head "https://reg.example.com/v2/app/manifests/1": dial tcp: lookup reg.example.com on 127.0.0.53:53: server misbehaving',
  ],
  ['refused', 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused'],
  ['timeout', 'Get "https://192.0.2.1/v2/": dial tcp 192.0.2.1:443: i/o timeout'],
  ['timeout', 'Get "https://reg.example.com/v2/": net/http: TLS handshake timeout'],
  [
    'timeout',
    'Get "https://reg.example.com/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
  ],
  ['timeout', 'Get "https://reg.example.com/v2/": context deadline exceeded'],
  ['timeout', 'no end after 600 s'],
  ['tls', 'Get "https://reg.example.com/v2/": x509: certificate signed by unknown authority'],
  ['tls', 'failed to verify certificate: x509: certificate has expired or is not yet valid'],
  ['tls', 'Get "https://192.0.2.1:5000/v2/": http: server gave HTTP response to HTTPS client'],
  ['unreachable', 'dial tcp 192.0.2.1:443: connect: no route to host'],
  [
    'unreachable',
    'failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?service=registry.docker.io": EOF',
  ],
  ['unreachable', 'read tcp 192.0.2.7:4711->192.0.2.1:443: read: connection reset by peer'],
  ['no-space', 'failed to register layer: write /usr/lib/big: no space left on device'],
  [
    'platform',
    'no matching manifest for linux/arm64/v8 in the manifest list entries: no match for platform in manifest: not found',
  ],
  ['platform', 'image operating system "windows" cannot be used on this platform: operating system is not supported'],
  [
    'format',
    '[DEPRECATION NOTICE] Docker Image Format v1 and Docker Image manifest version 2, schema 1 support is disabled by default',
  ],
  ['registry-fault', 'received unexpected HTTP status: 503 Service Unavailable'],
  ['reference', 'invalid reference format'],
  ['other', 'something that nobody has seen yet'],
])('%s: %s', (kind, said) => {
  expect(pullFailureKind(said)).toBe(kind);
});

describe('a failed pull', () => {
  const said = 'unauthorized: authentication required';
  const login = {
    host: 'ghcr.io',
    username: 'robot',
    password: 'hidden',
    source: 'environments/lab/environment.yml:9:15 (registries[0])',
  };
  const reference = 'ghcr.io/org/app:1';

  it('without a login names the registry and the key that lacks it', () => {
    expect(pullFailureMeaning({ reference, said })).toBe('ghcr.io wants a login, or has no such image');
    expect(pullFailureRemedy({ reference, said }, 'environments/lab/environment.yml')).toBe(
      'add a login for `ghcr.io` to `registries:` in environments/lab/environment.yml, or correct the image name',
    );
  });

  it('with a login names the line that says it, and never the password', () => {
    const told = [pullFailureMeaning({ reference, said, login }), pullFailureRemedy({ reference, said, login }, 'x')];
    for (const text of told) {
      expect(text).toContain('environments/lab/environment.yml:9:15 (registries[0])');
      expect(text).not.toContain('hidden');
    }
  });
});
