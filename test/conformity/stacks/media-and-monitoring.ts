import type { Case } from '../case.ts';

const ARR = `
x-arr: &arr
  restart: unless-stopped
  environment: &env { PUID: 1000, PGID: 1000, TZ: "\${TZ:-Etc/UTC}" }
  networks: [media]
services:
  gluetun:
    image: qmcgaw/gluetun:v3.40
    cap_add: [NET_ADMIN]
    devices: ["/dev/net/tun:/dev/net/tun"]
    environment: { <<: *env, VPN_SERVICE_PROVIDER: custom, VPN_TYPE: wireguard }
    ports: ["8090:8090", "6881:6881", "6881:6881/udp"]
    networks: [media]
  qbittorrent:
    image: lscr.io/linuxserver/qbittorrent:5.0.4
    network_mode: "service:gluetun"
    environment: { <<: *env, WEBUI_PORT: 8090 }
    volumes: ["./qbittorrent:/config", "\${MEDIA}/torrents:/data/torrents"]
    depends_on: { gluetun: { condition: service_healthy, restart: true } }
  sonarr:
    <<: *arr
    image: lscr.io/linuxserver/sonarr:4.0.14
    ports: [8989:8989]
    volumes: ["./sonarr:/config", "\${MEDIA}:/data"]
  radarr:
    <<: *arr
    image: lscr.io/linuxserver/radarr:5.20.2
    ports: [7878:7878]
    volumes: ["./radarr:/config", "\${MEDIA}:/data"]
  prowlarr: { <<: *arr, image: "lscr.io/linuxserver/prowlarr:1.32.2", ports: ["9696:9696"], volumes: ["./prowlarr:/config"] }
networks: { media: }
`;

export const MEDIA_AND_MONITORING: readonly Case[] = [
  {
    title: 'an arr stack behind a VPN',
    files: { 'compose.yaml': ARR, '.env': 'MEDIA=/mnt/media\nTZ=Europe/Berlin\n' },
  },
  {
    title: 'an arr stack whose VPN is misspelt',
    files: { 'compose.yaml': ARR.replace('service:gluetun', 'service:glueton'), '.env': 'MEDIA=/mnt/media\n' },
  },
  {
    title: 'an arr stack with a port that is none',
    files: { 'compose.yaml': ARR.replace('8989:8989', '8989:http'), '.env': 'MEDIA=/mnt/media\n' },
  },
  {
    title: 'jellyfin with a graphics card',
    files: {
      'compose.yaml': `
services:
  jellyfin:
    image: jellyfin/jellyfin:10.10
    user: \${UID}:\${GID}
    network_mode: host
    group_add: ["122"]
    devices: ["/dev/dri/renderD128:/dev/dri/renderD128"]
    runtime: nvidia
    volumes:
      - ./config:/config
      - ./cache:/cache
      - { type: bind, source: /mnt/media, target: /media, read_only: true, bind: { propagation: rslave } }
    environment: [JELLYFIN_PublishedServerUrl=https://jellyfin.example.com]
    extra_hosts: ["host.docker.internal:host-gateway"]
    deploy:
      resources: { reservations: { devices: [{ driver: nvidia, count: all, capabilities: [gpu] }] } }
`,
      '.env': 'UID=1000\nGID=1000\n',
    },
  },
  {
    title: 'prometheus, grafana and exporters',
    files: {
      'compose.yml': `
x-default: &default
  restart: unless-stopped
  networks: [monitoring]
  logging: { driver: json-file, options: { max-size: 10m, max-file: "2" } }
services:
  prometheus:
    <<: *default
    image: prom/prometheus:v3.2.1
    user: root
    command:
      - '--config.file=/etc/prometheus/prometheus.yml'
      - '--storage.tsdb.path=/prometheus'
      - '--storage.tsdb.retention.time=\${RETENTION:-30d}'
      - '--web.enable-lifecycle'
    volumes:
      - ./prometheus:/etc/prometheus:ro
      - prometheus_data:/prometheus
    expose: [9090]
    depends_on: [alertmanager]
  alertmanager:
    <<: *default
    image: prom/alertmanager:v0.28.1
    configs: [{ source: alertmanager, target: /etc/alertmanager/alertmanager.yml, mode: 0444 }]
    expose: ["9093"]
  grafana:
    <<: *default
    image: grafana/grafana-oss:11.5.2
    environment:
      - GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/grafana
      - GF_USERS_ALLOW_SIGN_UP=false
    secrets: [grafana]
    ports: ["3000:3000"]
    volumes: ["grafana_data:/var/lib/grafana"]
  node-exporter:
    <<: *default
    image: quay.io/prometheus/node-exporter:v1.9.0
    command: --path.rootfs=/host
    pid: host
    networks: !override []
    network_mode: host
    volumes: ["/:/host:ro,rslave"]
  cadvisor:
    <<: *default
    image: gcr.io/cadvisor/cadvisor:v0.49.2
    privileged: true
    devices: [/dev/kmsg]
    volumes: ["/:/rootfs:ro", "/var/run:/var/run:ro", "/sys:/sys:ro", "/var/lib/docker/:/var/lib/docker:ro"]
    mem_limit: 256m
    cpus: 0.5
networks: { monitoring: { driver: bridge } }
volumes: { prometheus_data: {}, grafana_data: {} }
configs: { alertmanager: { file: ./alertmanager.yml } }
secrets: { grafana: { environment: GRAFANA_PASSWORD } }
`,
      'prometheus/prometheus.yml': 'scrape_configs: []\n',
      'alertmanager.yml': 'route: {}\n',
      '.env': 'GRAFANA_PASSWORD=x\n',
    },
  },
  {
    title: 'monitoring without the network of the host',
    files: {
      'compose.yml': `
x-default: &default
  restart: unless-stopped
  networks: [monitoring]
services:
  node-exporter:
    <<: *default
    image: quay.io/prometheus/node-exporter:v1.9.0
    network_mode: host
networks: { monitoring: }
`,
    },
  },
  {
    title: 'loki and promtail with inline configuration',
    files: {
      'compose.yaml': `
services:
  loki:
    image: grafana/loki:3.4.2
    command: -config.file=/etc/loki/local-config.yaml
    ports: ["127.0.0.1:3100:3100"]
    healthcheck:
      test: wget -q --tries=1 -O- http://localhost:3100/ready
      interval: 10s
      timeout: 5s
      start_interval: 2s
      start_period: 30s
  promtail:
    image: grafana/promtail:3.4.2
    configs: [promtail]
    command: -config.file=/promtail
    volumes: ["/var/log:/var/log:ro", "/var/lib/docker/containers:/var/lib/docker/containers:ro"]
    depends_on: { loki: { condition: service_healthy, required: false } }
configs:
  promtail:
    content: |
      clients:
        - url: http://loki:3100/loki/api/v1/push
      positions: { filename: "$\${HOME}/positions.yaml" }
`,
    },
  },
  {
    title: 'uptime kuma alone',
    files: {
      'compose.yaml':
        'services:\n  kuma:\n    image: louislam/uptime-kuma:1\n    volumes: [./data:/app/data]\n    ports:\n      - 3001:3001\n    restart: unless-stopped\n',
    },
  },
  {
    title: 'frigate with cameras in memory',
    files: {
      'compose.yaml': `
services:
  frigate:
    image: ghcr.io/blakeblackshear/frigate:0.15.0
    privileged: yes
    shm_size: "512mb"
    devices: ["/dev/bus/usb:/dev/bus/usb"]
    volumes:
      - ./config:/config
      - type: tmpfs
        target: /tmp/cache
        tmpfs: { size: 1000000000, mode: 0o1777 }
    ports: ["8971:8971", "8554:8554", "8555:8555/tcp", "8555:8555/udp", "5000-5002:5000-5002"]
    environment: { FRIGATE_RTSP_PASSWORD: "p" }
`,
    },
  },
  {
    title: 'services of development in profiles',
    files: {
      'compose.yaml': `
services:
  api:
    image: example/api:\${TAG:-latest}
    environment: { LOG_LEVEL: \${LOG_LEVEL-info} }
  debug:
    extends: api
    profiles: [debug]
    environment: { LOG_LEVEL: debug, NODE_OPTIONS: --inspect=0.0.0.0 }
    ports: ["127.0.0.1:9229:9229"]
    command: [node, --inspect, server.js]
  mail:
    image: axllent/mailpit
    profiles: [debug, mail]
    ports: ["8025:8025"]
  tests:
    profiles: [test]
    build: { context: ., dockerfile: test.Dockerfile, cache_from: [example/api:cache] }
    depends_on: [api, mail]
    develop: { watch: [{ path: ./src, action: sync, target: /app/src, ignore: [node_modules/] }] }
`,
    },
  },
  {
    title: 'a game server with a long stop',
    files: {
      'compose.yaml': `
services:
  minecraft:
    image: itzg/minecraft-server:java21
    tty: true
    stdin_open: true
    ports: [25565:25565]
    environment: { EULA: "TRUE", MEMORY: 4G, VERSION: 1.21, MOTD: "§aHello: world" }
    volumes: [./data:/data]
    stop_grace_period: 2m
    restart: on-failure:3
    ulimits: { memlock: -1 }
    oom_kill_disable: false
    blkio_config: { weight: 500 }
`,
    },
  },
  {
    title: 'backups with hooks and a schedule in labels',
    files: {
      'compose.yaml': `
services:
  db:
    image: mariadb:11.7
    environment: [MARIADB_ROOT_PASSWORD_FILE=/run/secrets/root]
    secrets: [{ source: root, target: root, mode: 0400, uid: "999" }]
    labels: { docker-volume-backup.archive-pre: "/bin/sh -c 'mysqldump --all-databases > /tmp/dump.sql'" }
    post_start: [{ command: ["chown", "-R", "mysql", "/var/lib/mysql"], user: root }]
  backup:
    image: offen/docker-volume-backup:v2
    environment:
      BACKUP_CRON_EXPRESSION: "0 2 * * *"
      BACKUP_FILENAME: backup-%Y-%m-%dT%H-%M-%S.tar.gz
      BACKUP_RETENTION_DAYS: '7'
    volumes:
      - data:/backup/data:ro
      - /var/run/docker.sock:/var/run/docker.sock:ro
      - \${BACKUPS:?where to}:/archive
secrets: { root: { file: ./root.txt } }
volumes: { data: { name: "\${COMPOSE_PROJECT_NAME}_mariadb" } }
`,
      'root.txt': 'x',
      '.env': 'BACKUPS=/srv/backups\n',
    },
  },
];
