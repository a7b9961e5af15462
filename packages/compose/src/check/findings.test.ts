import { expect, test } from 'vitest';
import { found, one } from './testing/checked.ts';

test.each([
  [
    'a misspelt key',
    'enviroment: {A: 1}',
    '4:5 compose/unknown-key unknown key `enviroment` in `services.web` → did you mean `environment`?',
  ],
  [
    'a key like no other',
    'zzzzzzzz: 1',
    '4:5 compose/unknown-key unknown key `zzzzzzzz` in `services.web` → remove it, or begin it with `x-` if it is for another program',
  ],
  ['a misspelt value', 'cgroup: hst', '4:13 compose/bad-value `services.web.cgroup` is `hst` → did you mean `host`?'],
  [
    'a number for a duration',
    'healthcheck: { interval: 10 }',
    '4:30 compose/wrong-type `services.web.healthcheck.interval` is the number `10`, and must be a text → write the unit too: `10s`',
  ],
  [
    'a duration without unit',
    'stop_grace_period: "10"',
    '4:24 compose/bad-value `services.web.stop_grace_period` is `"10"`, and it is no duration → write a number with its unit, e.g. `30s` or `1m30s`',
  ],
  [
    'a text for a list',
    'ports: "80:80"',
    '4:12 compose/wrong-type `services.web.ports` is the text `"80:80"`, and must be a list → write a list',
  ],
  [
    'an empty list',
    'volumes:',
    '4:5 compose/wrong-type `services.web.volumes` is empty, and must be a list → write a list, or remove the key',
  ],
  [
    'a port that is none',
    'ports:\n  - 8080:http',
    '5:9 compose/bad-port `services.web.ports[0]` is `8080:http`, and `http` is no port → write it as `"8080:80"`, `"127.0.0.1:8080:80"` or `"8080:80/udp"`',
  ],
  [
    'a mount that is none',
    'volumes: ["data::ro"]',
    '4:15 compose/bad-mount `services.web.volumes[0]` is `"data::ro"`, and nothing stands between two colons or at an end → write it as `./folder:/path` or `./folder:/path:ro`',
  ],
  [
    'a date',
    'labels: { since: 2024-01-31 }',
    '4:22 compose/date `services.web.labels.since` is the date `2024-01-31`, and must be a text, a number, true or false or empty → write it in quotes: `"2024-01-31"`',
  ],
  [
    'a key that is a number',
    'environment: { 1: a }',
    '4:20 compose/bad-key a key is the number `1`, which cannot be a key here → write it in quotes: `"1":`',
  ],
  [
    'a network of nobody',
    'networks: [prox]',
    '4:16 compose/undefined-network `services.web.networks.prox` names the network `prox`, which is not defined → define it below `networks:`',
  ],
  [
    'a volume of nobody',
    'volumes: ["data:/data"]',
    '4:15 compose/undefined-volume `services.web.volumes[0]` names the volume `data`, which is not defined → define it below `volumes:`',
  ],
  [
    'a secret of nobody',
    'secrets: [token]',
    '4:15 compose/undefined-secret `services.web.secrets[0]` names the secret `token`, which is not defined → define it below `secrets:`',
  ],
  [
    'a service of nobody',
    'depends_on: { wep: { condition: service_started } }',
    '4:19 compose/undefined-service `services.web` depends on the service `wep`, which is not defined → did you mean `web`?',
  ],
  [
    'two ways to the network',
    'network_mode: host\nnetworks: [default]',
    '4:5 compose/conflict `services.web` has `network_mode` and `networks`, which do not go together → keep one of them',
  ],
  [
    'a name for many containers',
    'container_name: web\nscale: 2',
    '4:5 compose/conflict `services.web` has `container_name` and `scale`, which do not go together → remove the name, which only one container can have',
  ],
  [
    'a health check without its kind',
    'healthcheck: { test: [curl, x] }',
    '4:26 compose/bad-value `services.web.healthcheck.test` begins with `curl`, which is none of CMD, CMD-SHELL and NONE → write `["CMD", …]`, `["CMD-SHELL", "…"]`, or the command as one text',
  ],
  [
    'a command that is cut off',
    'command: serve && echo',
    '4:14 compose/cut-command `services.web.command` is cut off where a shell would go on with `;`, `&`, `|`, `<` or `>` → write `sh -c "…"`, or the command as a list of words',
  ],
  [
    'a version that loses its zero',
    'environment: { POSTGRES_VERSION: 1.10 }',
    '4:38 compose/changed-text `services.web.environment.POSTGRES_VERSION` is no text without quotes: Compose leaves out the zeros at its end → write it in quotes',
  ],
  [
    'a number that is octal',
    'environment: { UMASK: 022 }',
    '4:27 compose/changed-text `services.web.environment.UMASK` is no text without quotes: Compose reads it as an octal number and writes it as a decimal one → write it in quotes',
  ],
  [
    'a null that is no text',
    'environment: { A: null }',
    '4:23 compose/null-variable `services.web.environment.A` is null: Compose does not set it, unless `.env` does → write the text in quotes, or nothing behind the colon',
  ],
  [
    'a mount that another one hides',
    'volumes: ["./a:/x", "./b:/x"]',
    '4:15 compose/dropped-item this item does not count: a later one of the list is for `/x` too → remove one of the two',
  ],
])('%s is found at its place', async (_, lines, finding) => {
  expect(await found(one(lines))).toEqual([`compose.yaml:${finding}`]);
});
