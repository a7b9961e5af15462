import { healthyImage, jobImage, type LabImage, sleeperImage } from '../lab/image-kinds.ts';
import { buildImage, imageName } from '../lab/images.ts';
import { freePort } from '../lab/loopback-port.ts';

/** A project as people keep them on a host. */
export interface Shape {
  readonly name: string;
  /** `compose.yaml`, without the top-level key `services:` and the two blanks before each line of a service. */
  readonly compose: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Lines of shell that write data, by service. */
  readonly write?: Readonly<Record<string, string>>;
  /** Lines of shell that print the data again. */
  readonly read?: Readonly<Record<string, string>>;
  /** Services that a reconstruction says something about, and the field. */
  readonly warnings?: readonly string[];
  /** Services whose definition can't be known to be that of the files. */
  readonly uncertain?: readonly string[];
}

const [sleeper, healthy, job, volumes, entry] = await Promise.all([
  sleeperImage(),
  healthyImage('calm'),
  jobImage(0),
  volumeImage(),
  entryImage(),
]);
const [port, ranged] = await Promise.all([freePort('127.0.0.1'), freePort('127.0.0.1')]);

/** Declares nothing but a variable and what to run. */
async function volumeImage(): Promise<LabImage> {
  const reference = imageName('with-variable');
  const env = { TZ: 'UTC', GREETING: 'image' };
  return { reference, id: await buildImage(reference, { command: ['sleep', '2147483647'], env }) };
}

async function entryImage(): Promise<LabImage> {
  const reference = imageName('other-command');
  return { reference, id: await buildImage(reference, { command: ['sh', '-c', 'sleep 2147483647'] }) };
}

const odd = 'a $dollar $$two $\u007bbrace} "double" \'single\' \\ back # hash: {x} ünïcode 🐳 %s `tick`';

export const SHAPES: readonly Shape[] = [
  {
    name: 'ports, an env file and a named volume',
    files: { 'app.env': `PLAIN=one\nQUOTED='it costs $5'\nMULTI="first\nsecond"\n`, '.env': `PORT=${port}\n` },
    compose: `
  web:
    image: ${healthy.reference}
    env_file: app.env
    stop_grace_period: 3s
    restart: unless-stopped
    ports: ["127.0.0.1:\${PORT}:8080", "127.0.0.1:${ranged}:9000/udp"]
    expose: ["7000"]
    volumes: ["store:/store", "cache:/cache:ro"]
volumes:
  store:
  cache: { labels: { team: "blue$$" } }
`,
    write: { web: 'echo kept >/store/file' },
    read: { web: 'cat /store/file' },
  },
  {
    name: 'binds by relative paths, read-only and writable',
    files: { 'conf/app.ini': 'a=1\n', 'single.txt': 'text\n', 'data/start': 'x\n' },
    compose: `
  app:
    image: ${sleeper.reference}
    volumes:
      - ./conf:/conf:ro
      - ./single.txt:/single.txt:ro
      - ./data:/data
      - { type: bind, source: ./conf, target: /again, read_only: true, bind: { propagation: rprivate } }
      - { type: bind, source: ./data, target: /strict, bind: { create_host_path: false } }
      - { type: tmpfs, target: /scratch, tmpfs: { size: 1048576, mode: 448 } }
    configs: [{ source: ini, target: /etc/app.ini }]
    secrets: [key]
configs: { ini: { file: ./conf/app.ini } }
secrets: { key: { file: ./single.txt } }
`,
    write: { app: 'echo kept >/data/file' },
    read: { app: 'cat /data/file /single.txt /run/secrets/key /etc/app.ini' },
  },
  {
    name: 'two networks with aliases and an address of its own',
    compose: `
  web:
    image: ${sleeper.reference}
    networks:
      front: { aliases: [www, shop], ipv4_address: 10.213.77.9 }
      back: { aliases: [inner] }
  proxy:
    image: ${sleeper.reference}
    networks: { front: { priority: 5 }, back: }
    links: [web:site]
networks:
  front: { ipam: { config: [{ subnet: 10.213.77.0/24, gateway: 10.213.77.3 }] }, labels: { side: "<out>" } }
  back: { internal: true, driver: bridge, driver_opts: { com.docker.network.bridge.enable_icc: "true" } }
`,
    warnings: ['proxy: links'],
  },
  {
    name: 'a health check, limits, capabilities and what else the kernel gives',
    compose: `
  app:
    image: ${sleeper.reference}
    init: true
    user: "65534:65534"
    working_dir: /tmp
    group_add: ["1234"]
    healthcheck: { test: ["CMD-SHELL", "test -e /tmp || exit $$?"], interval: 1m30s, timeout: 1500ms, retries: 4, start_period: 2s }
    mem_limit: 64m
    mem_reservation: 32m
    memswap_limit: 96m
    cpus: 0.3
    cpu_shares: 512
    pids_limit: 50
    oom_score_adj: 100
    ulimits: { nofile: { soft: 1000, hard: 2000 }, nproc: 500 }
    sysctls: { net.core.somaxconn: 256 }
    cap_add: [NET_ADMIN, SYS_TIME]
    cap_drop: [MKNOD]
    security_opt: ["no-new-privileges:true", "seccomp=unconfined"]
    read_only: true
    shm_size: 32m
    tmpfs: ["/run:size=1m,mode=1777", "/var/tmp"]
    devices: ["/dev/null:/dev/nothing:rw"]
    device_cgroup_rules: ["c 1:3 mr"]
    logging: { driver: json-file, options: { max-size: 1m, max-file: "2" } }
    stop_signal: SIGUSR1
    tty: true
    stdin_open: true
    pid: host
    ipc: shareable
    restart: on-failure:3
  open:
    image: ${healthy.reference}
    healthcheck: { disable: true }
    ipc: service:app
    depends_on: { app: { condition: service_started } }
  unmasked:
    image: ${healthy.reference}
    security_opt: [systempaths=unconfined]
    healthcheck: { interval: 5m }
    deploy: { resources: { limits: { memory: 40M, cpus: "0.25" }, reservations: { memory: 20M } }, restart_policy: { condition: on-failure } }
`,
  },
  {
    name: 'names of its own and names of others',
    compose: `
  app:
    image: ${sleeper.reference}
    container_name: SUFFIX-app
    hostname: app
    domainname: example.com
    mac_address: 02:42:ac:11:65:43
    extra_hosts: ["host.docker.internal:host-gateway", "six:2001:db8::1", "peer=192.0.2.7"]
    dns: [192.0.2.53]
    dns_search: [example.com]
    dns_opt: ["ndots:2"]
`,
  },
  {
    name: 'a job that is done, and a service that waits for it',
    compose: `
  migrate:
    image: ${job.reference}
    entrypoint: ["sh", "-c"]
    command: ["exit 0"]
  app:
    image: ${entry.reference}
    command: ["sleep", "1000"]
    stop_signal: SIGKILL
    depends_on: { migrate: { condition: service_completed_successfully }, db: { condition: service_healthy, restart: true } }
  db:
    image: ${healthy.reference}
  never:
    image: ${healthy.reference}
    profiles: [tools]
`,
  },
  {
    name: 'a service with three containers',
    compose: `
  worker:
    image: ${sleeper.reference}
    scale: 3
    environment: { A: "1" }
  other:
    image: ${sleeper.reference}
    deploy: { replicas: 2 }
`,
  },
  {
    name: "networks of others: another service's, the host's, none",
    compose: `
  vpn:
    image: ${sleeper.reference}
    hostname: tunnel
  joined:
    image: ${sleeper.reference}
    network_mode: service:vpn
  on-host:
    image: ${sleeper.reference}
    network_mode: host
    uts: host
  alone:
    image: ${sleeper.reference}
    network_mode: none
  plain:
    image: ${sleeper.reference}
    network_mode: bridge
`,
  },
  {
    name: 'volumes without a name, and volumes of another container',
    compose: `
  app:
    image: ${sleeper.reference}
    volumes: [/data, "logs:/logs"]
  reader:
    image: ${sleeper.reference}
    volumes_from: ["app:ro"]
volumes: { logs: { name: SUFFIX-logs } }
`,
    // Compose hashes the id of the other container, which no file can say.
    uncertain: ['reader'],
    write: { app: 'echo kept >/data/file; echo log >/logs/file' },
    read: { app: 'cat /data/file /logs/file', reader: 'cat /data/file' },
  },
  {
    name: 'values that a file or a shell could take for something else',
    files: { '.env': `ODD='${odd.replaceAll("'", '"')}'\n` },
    compose: `
  app:
    image: ${volumes.reference}
    stop_signal: SIGKILL
    command: ["sh", "-c", "echo $$HOME \\"$$\${X:-y}\\"; sleep 2147483647"]
    labels: { odd: ${yaml(odd)}, empty: "", yes: "yes", number: "1_000", "traefik.rule": "Host(\`a.example.com\`)" }
    environment:
      GREETING: "own"
      ODD_ENV: \${ODD}
      ODD: ${yaml(odd)}
      MULTI: "one\\n  two\\n\\n@@three\\n"
      EMPTY: ""
      DATE: "2001-01-01"
      OCTAL: "0755"
      NUMBER: "1_000"
      YES: "yes"
      "NULL": "null"
      TILDE: "~"
      TAB: "\\ta\\t"
`,
  },
];

/** As a text in quotes that Compose takes for itself. */
function yaml(value: string): string {
  return JSON.stringify(value.replaceAll('$', '$$$$'));
}
