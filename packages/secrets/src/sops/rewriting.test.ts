import { expect, test } from 'vitest';
import { openSops } from './open-sops.ts';
import { STORES } from './stores.ts';

/** The layout of files that sops 3.13.1 wrote (functional-tests/res of getsops/sops), with other values in them, and without a space behind a name. */

const ENC = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]';

const FILES = {
  yaml: `foo: ${ENC}
sops:
    lastmodified: "2026-05-22T20:16:23Z"
    mac: ${ENC}
    pgp:
        - created_at: "2026-05-22T20:16:20Z"
          enc: |-
            -----BEGIN PGP MESSAGE-----

            AAAA
            =AAAA
            -----END PGP MESSAGE-----
          fp: "0000"
    unencrypted_suffix: _unencrypted
    version: 3.13.1
`,
  dotenv: `foo=${ENC}
sops_lastmodified=2026-05-22T20:15:29Z
sops_mac=${ENC}
sops_pgp__list_0__map_created_at=2026-05-22T20:15:26Z
sops_pgp__list_0__map_enc=-----BEGIN PGP MESSAGE-----\\n\\nAAAA\\n=AAAA\\n-----END PGP MESSAGE-----
sops_pgp__list_0__map_fp=0000
sops_unencrypted_suffix=_unencrypted
sops_version=3.13.1
`,
  json: `{
	"foo": "${ENC}",
	"sops": {
		"lastmodified": "2026-05-22T20:16:18Z",
		"mac": "${ENC}",
		"pgp": [
			{
				"created_at": "2026-05-22T20:16:08Z",
				"enc": "-----BEGIN PGP MESSAGE-----\\n\\nAAAA\\n=AAAA\\n-----END PGP MESSAGE-----",
				"fp": "0000"
			}
		],
		"unencrypted_suffix": "_unencrypted",
		"version": "3.13.1"
	}
}
`,
} as const;

test.each(Object.entries(FILES))('a %s file of SOPS is written again byte for byte', (format, text) => {
  const opened = openSops(text);
  const store = STORES[opened.format];
  expect(opened.format).toBe(format);
  expect(store.emit(store.withMetadata(opened.tree.documents, opened.tree.metadata)).toString()).toBe(text);
});
