const environmentFile = 'environments/lab/environment.yml';
/** The Compose file of a lab, by its path in the repository. */
export const composeFile = 'environments/lab/compose.yaml';

/** A fault in a file that is right without it, and the annotation that must show it. */
export interface FileFault {
  readonly fault: string;
  readonly file: string;
  readonly edit: (text: string) => string;
  readonly at: readonly [line: number, column: number];
  readonly says: string;
}

/** One more line for the service, the fourth of the Compose file. */
export function line(text: string): (before: string) => string {
  return (before) => `${before}    ${text}\n`;
}

/** One of each kind, for each file that can have it. */
export const FILE_FAULTS: readonly FileFault[] = [
  {
    fault: 'invalid YAML',
    file: 'gitops.yml',
    edit: (text) => `${text}owner: [a\n`,
    at: [4, 1],
    says: 'invalid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] → correct the YAML here',
  },
  {
    fault: 'invalid YAML',
    file: environmentFile,
    edit: (text) => text.replace('  docker:', '  docker: {'),
    at: [4, 11],
    says: 'invalid YAML: Implicit keys need to be on a single line → correct the YAML here',
  },
  {
    fault: 'invalid YAML',
    file: composeFile,
    edit: line('ports: ["80:80'),
    at: [5, 1],
    says: 'invalid YAML: Missing closing "quote → correct the YAML here',
  },
  {
    fault: 'an unknown key',
    file: 'gitops.yml',
    edit: (text) => `${text}nam: x\n`,
    at: [3, 1],
    says: 'unknown key `nam` → did you mean `name`?',
  },
  {
    fault: 'an unknown key',
    file: environmentFile,
    edit: (text) => text.replace('stability', 'stabilty'),
    at: [11, 3],
    says: 'unknown key `stabilty` → did you mean `stability`?',
  },
  {
    fault: 'an unknown key',
    file: composeFile,
    edit: line('imaeg: x'),
    at: [4, 12],
    says: `Compose refuses the project: validating ${composeFile}: services.web additional properties 'imaeg' not allowed → mend the Compose file; \`docker compose config\` in its folder says the same`,
  },
  {
    fault: 'a key written twice',
    file: environmentFile,
    edit: (text) => `${text}branch: main\nbranch: main\n`,
    at: [14, 1],
    says: 'key `branch` is written twice in the same mapping → remove one of the two',
  },
  {
    fault: 'a key written twice',
    file: composeFile,
    edit: line('image: other'),
    at: [4, 5],
    says: 'key `image` is written twice in the same mapping → remove one of the two',
  },
  {
    fault: 'a value of the wrong type',
    file: environmentFile,
    edit: (text) => text.replace(/port: \d+/, 'port: "22"'),
    at: [6, 11],
    says: '`targets.docker.port` is "22" → write a port from 1 to 65535, without quotes',
  },
  {
    fault: 'a value of the wrong type',
    file: composeFile,
    edit: line('ports: 80'),
    at: [4, 12],
    says: `Compose refuses the project: validating ${composeFile}: services.web.ports must be a array → mend the Compose file; \`docker compose config\` in its folder says the same`,
  },
  {
    fault: 'a variable that is not set',
    file: composeFile,
    edit: line(`command: [echo, "\${NOWHERE}"]`),
    at: [4, 22],
    says: `variable \`NOWHERE\` is not set → set \`NOWHERE\` in environments/lab/.env (docs/secrets.md if git ignores it), or write a default: \`\${NOWHERE:-…}\``,
  },
  {
    fault: 'a network that nobody declares',
    file: composeFile,
    edit: line('networks: [nowhere]'),
    at: [2, 3],
    says: 'Compose refuses the project: service "web" refers to undefined network nowhere: invalid compose project → mend the Compose file; `docker compose config` in its folder says the same',
  },
  {
    fault: 'a bind mount that leaves the repository',
    file: composeFile,
    edit: line('volumes: ["../../../etc:/x"]'),
    at: [4, 15],
    says: '`../../../etc` leaves the repository → name a file of the repository',
  },
  {
    fault: 'an env_file that leaves the repository',
    file: composeFile,
    edit: line('env_file: ../../../up.env'),
    at: [4, 15],
    says: '`../../../up.env` leaves the repository → name a file of the repository',
  },
  {
    fault: 'a bind mount of a file that is not there',
    file: composeFile,
    edit: line('volumes: ["./nginx.conf:/etc/nginx.conf:ro"]'),
    at: [4, 15],
    says: '`./nginx.conf` does not exist (`environments/lab/nginx.conf` in the repository) → add it to git, or correct the path',
  },
  {
    fault: 'a secret whose file is not there',
    file: composeFile,
    edit: (text) => `${text}    secrets: [key]\nsecrets:\n  key: { file: ./key.txt }\n`,
    at: [6, 16],
    says: '`./key.txt` does not exist (`environments/lab/key.txt` in the repository) → add it to git, or correct the path',
  },
];
