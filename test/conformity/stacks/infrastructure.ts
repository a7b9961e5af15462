import type { Case } from '../case.ts';

export const INFRASTRUCTURE: readonly Case[] = [
  {
    title: 'traefik with a socket proxy',
    files: {
      'compose.yaml': `
x-common: &common
  restart: unless-stopped
  security_opt: [no-new-privileges:true]
  networks: [proxy]
services:
  socket-proxy:
    <<: *common
    image: tecnativa/docker-socket-proxy:0.3
    networks: [socket]
    environment: { CONTAINERS: 1, POST: 0 }
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
  traefik:
    <<: *common
    image: traefik:v3.3
    networks: [proxy, socket]
    depends_on: [socket-proxy]
    ports:
      - target: 80
        published: "80"
        protocol: tcp
        mode: host
      - target: 443
        published: 443
        protocol: tcp
        mode: host
      - "443:443/udp"
    command:
      - --providers.docker=true
      - --providers.docker.endpoint=tcp://socket-proxy:2375
      - --providers.docker.exposedbydefault=false
      - --entrypoints.web.address=:80
      - --certificatesresolvers.le.acme.email=\${ACME_EMAIL}
    volumes:
      - letsencrypt:/letsencrypt
      - ./dynamic:/etc/traefik/dynamic:ro
    labels:
      traefik.enable: true
      traefik.http.routers.dashboard.rule: Host(\`traefik.example.com\`)
      traefik.http.middlewares.auth.basicauth.users: "admin:$$apr1$$x"
networks:
  proxy: { name: proxy, driver: bridge, ipam: { config: [{ subnet: 172.30.0.0/24 }] } }
  socket: { internal: true }
volumes: { letsencrypt: }
`,
      'dynamic/tls.yml': 'tls: {}\n',
      '.env': 'ACME_EMAIL=me@example.com\n',
    },
  },
  {
    title: 'caddy with a build of its own',
    files: {
      'compose.yaml': `
services:
  caddy:
    build:
      context: .
      dockerfile_inline: |
        FROM caddy:2-builder AS builder
        RUN xcaddy build --with github.com/caddy-dns/cloudflare
        FROM caddy:2
        COPY --from=builder /usr/bin/caddy /usr/bin/caddy
    restart: unless-stopped
    cap_add: [NET_ADMIN]
    ports: ["80:80", "443:443", "443:443/udp"]
    environment: [CF_API_TOKEN]
    volumes:
      - ./Caddyfile:/etc/caddy/Caddyfile:ro
      - ./site:/srv
      - caddy_data:/data
      - caddy_config:/config
    networks: { default: , apps: { gw_priority: 1 } }
    healthcheck:
      test: ["CMD", "wget", "-q", "--spider", "http://localhost:2019/config/"]
      interval: 30s
volumes:
  caddy_data: { external: true }
  caddy_config:
networks:
  apps: { external: true }
`,
      Caddyfile: 'example.com { respond "ok" }\n',
      'site/index.html': '<p>hi\n',
      '.env': 'CF_API_TOKEN=token\n',
    },
  },
  {
    title: 'authentik with worker and server of one base',
    files: {
      'docker-compose.yml': `
services:
  postgresql:
    image: docker.io/library/postgres:16-alpine
    restart: unless-stopped
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -d $\${POSTGRES_DB} -U $\${POSTGRES_USER}"]
      start_period: 20s
      interval: 30s
      retries: 5
      timeout: 5s
    volumes: ["database:/var/lib/postgresql/data"]
    environment:
      POSTGRES_PASSWORD: \${PG_PASS:?database password required}
      POSTGRES_USER: \${PG_USER:-authentik}
      POSTGRES_DB: \${PG_DB:-authentik}
    env_file: [.env]
  redis:
    image: docker.io/library/redis:alpine
    command: --save 60 1 --loglevel warning
    healthcheck: { test: ["CMD-SHELL", "redis-cli ping | grep PONG"], start_period: 20s }
  server: &authentik
    image: \${AUTHENTIK_IMAGE:-ghcr.io/goauthentik/server}:\${AUTHENTIK_TAG:-2025.2.4}
    restart: unless-stopped
    command: server
    environment:
      AUTHENTIK_SECRET_KEY: \${AUTHENTIK_SECRET_KEY:?secret key required}
      AUTHENTIK_REDIS__HOST: redis
    volumes: ["./media:/media", "./custom-templates:/templates"]
    ports: ["\${COMPOSE_PORT_HTTP:-9000}:9000", "\${COMPOSE_PORT_HTTPS:-9443}:9443"]
    depends_on:
      postgresql: { condition: service_healthy }
      redis: { condition: service_healthy }
  worker:
    <<: *authentik
    command: worker
    user: root
    ports: []
volumes:
  database: { driver: local }
`,
      '.env': 'PG_PASS=x\nAUTHENTIK_SECRET_KEY=y\nAUTHENTIK_ERROR_REPORTING__ENABLED=true\n',
    },
  },
  {
    title: 'harbor with many files',
    files: {
      'docker-compose.yml': `
services:
  log:
    image: goharbor/harbor-log:v2.12.2
    restart: always
    cap_drop: [ALL]
    cap_add: [CHOWN, DAC_OVERRIDE, SETGID, SETUID]
    volumes: ["./common/log:/var/log/docker/:z"]
    ports: ["127.0.0.1:1514:10514"]
    networks: [harbor]
  core:
    image: goharbor/harbor-core:v2.12.2
    env_file: [./common/config/core/env]
    volumes:
      - type: bind
        source: ./common/config/core/app.conf
        target: /etc/core/app.conf
      - type: bind
        source: /data/secret/keys/secretkey
        target: /etc/core/key
    networks: { harbor: }
    depends_on: [log, redis]
    logging:
      driver: syslog
      options: { syslog-address: "tcp://localhost:1514", tag: core }
  redis:
    image: goharbor/redis-photon:v2.12.2
    networks: { harbor: { aliases: [redis] } }
    depends_on: [log]
  proxy:
    image: goharbor/nginx-photon:v2.12.2
    ports: [80:8080, 443:8443]
    networks: [harbor]
    depends_on: [core, log]
networks:
  harbor: { external: false }
`,
      'common/config/core/env': 'CONFIG_PATH=/etc/core/app.conf\n',
      'common/config/core/app.conf': 'x\n',
      'common/log/keep': '',
    },
  },
  {
    title: 'pihole and unbound with fixed addresses',
    files: {
      'compose.yaml': `
services:
  pihole:
    image: pihole/pihole:2025.03.0
    hostname: pihole
    ports: ["53:53/tcp", "53:53/udp", "\${WEB_PORT:-8053}:80/tcp"]
    environment:
      TZ: 'Europe/Berlin'
      FTLCONF_dns_upstreams: 10.53.0.3#53
      FTLCONF_webserver_api_password:
    volumes: ["./etc-pihole:/etc/pihole"]
    cap_add: [NET_ADMIN, SYS_TIME, SYS_NICE]
    dns: [127.0.0.1, 192.0.2.53]
    networks: { dns: { ipv4_address: 10.53.0.2 } }
    sysctls: [net.ipv6.conf.all.disable_ipv6=1]
  unbound:
    image: mvance/unbound:1.21.1
    networks: { dns: { ipv4_address: 10.53.0.3 } }
    ulimits: { nofile: { soft: 65536, hard: 65536 } }
networks:
  dns:
    driver: bridge
    ipam:
      driver: default
      config:
        - subnet: 10.53.0.0/24
          gateway: 10.53.0.1
          aux_addresses: { router: 10.53.0.254 }
`,
    },
  },
  {
    title: 'wireguard with kernel settings',
    files: {
      'docker-compose.yaml': `
services:
  wireguard:
    image: lscr.io/linuxserver/wireguard:latest
    cap_add: [NET_ADMIN, SYS_MODULE]
    environment: [PUID=1000, PGID=1000, TZ=Etc/UTC, "ALLOWEDIPS=0.0.0.0/0,::/0", PEERS=3]
    volumes: ["./config:/config", "/lib/modules:/lib/modules:ro"]
    ports: ["51820:51820/udp"]
    sysctls:
      net.ipv4.conf.all.src_valid_mark: 1
      net.ipv6.conf.all.disable_ipv6: 0
    stop_grace_period: 20s
    restart: unless-stopped
`,
    },
  },
  {
    title: 'a proxy and its applications by inclusion',
    files: {
      'compose.yaml': `
include:
  - path: proxy/compose.yaml
  - path: [apps/whoami/compose.yaml, apps/whoami/production.yaml]
    project_directory: apps/whoami
    env_file: [common.env, apps/whoami/.env]
  - monitoring/compose.yaml
services:
  landing:
    image: nginx:1.27-alpine
    volumes: ["./landing:/usr/share/nginx/html:ro"]
    depends_on: [proxy]
    networks: [edge]
`,
      'landing/index.html': 'hi\n',
      'proxy/compose.yaml': `
services:
  proxy:
    image: caddy:\${CADDY_VERSION}
    ports: ["443:443"]
    volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro", "data:/data"]
    networks: [edge]
networks: { edge: { name: edge } }
volumes: { data: { name: proxy_data } }
`,
      'proxy/.env': 'CADDY_VERSION=2.9\n',
      'proxy/Caddyfile': 'x\n',
      'apps/whoami/compose.yaml':
        'services:\n  whoami:\n    image: traefik/whoami:${WHOAMI}\n    build: .\n    environment: [REGION, NAME]\n',
      'apps/whoami/production.yaml': 'services:\n  whoami:\n    deploy: { replicas: 2 }\n    restart: always\n',
      'apps/whoami/.env': 'WHOAMI=v1.10\nNAME=me\n',
      'common.env': 'REGION=eu\n',
      'monitoring/compose.yaml':
        'services:\n  probe:\n    image: prom/blackbox-exporter\n    volumes: ["./blackbox.yml:/config/blackbox.yml:ro"]\n',
      'monitoring/blackbox.yml': 'modules: {}\n',
    },
  },
  {
    title: 'keycloak with a theme, an import and a job',
    files: {
      'compose.yaml': `
services:
  keycloak:
    image: quay.io/keycloak/keycloak:26.1
    command: ["start", "--import-realm", "--optimized"]
    depends_on:
      migrate: { condition: service_completed_successfully }
    environment: &db
      KC_DB: postgres
      KC_DB_URL: jdbc:postgresql://db/keycloak
      KC_DB_USERNAME: keycloak
      KC_DB_PASSWORD: \${KC_DB_PASSWORD}
    volumes:
      - ./realms:/opt/keycloak/data/import:ro
    deploy:
      resources:
        limits: { cpus: "2", memory: 1536M }
        reservations: { memory: 512M }
  migrate:
    image: example/migrate:1
    environment: *db
    restart: "no"
    x-gitops: { role: job }
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: "\${KC_DB_PASSWORD}" }
    volumes: [{ type: volume, source: db, target: /var/lib/postgresql/data, volume: { nocopy: true } }]
    stop_signal: SIGINT
    stop_grace_period: 1m
volumes:
  db:
    driver: local
    driver_opts: { type: none, o: bind, device: /srv/keycloak/db }
    labels: { backup: daily }
`,
      'realms/main.json': '{}',
      '.env': 'KC_DB_PASSWORD=x\n',
    },
  },
  {
    title: 'registry mirrors from one anchor',
    files: {
      'compose.yaml': `
x-mirror: &mirror
  image: registry:2.8.3
  restart: always
  environment: &environment
    REGISTRY_STORAGE_DELETE_ENABLED: "true"
services:
  docker-io:
    <<: *mirror
    environment: { <<: *environment, REGISTRY_PROXY_REMOTEURL: "https://registry-1.docker.io" }
    ports: ["5001:5000"]
    volumes: ["docker-io:/var/lib/registry"]
  ghcr-io:
    <<: *mirror
    environment: { <<: *environment, REGISTRY_PROXY_REMOTEURL: "https://ghcr.io" }
    ports: ["5002:5000"]
    volumes: ["ghcr-io:/var/lib/registry"]
  quay-io:
    <<: *mirror
    environment: { <<: *environment, REGISTRY_PROXY_REMOTEURL: "https://quay.io" }
    ports: ["5003:5000"]
    volumes: ["quay-io:/var/lib/registry"]
volumes: { docker-io: , ghcr-io: , quay-io: }
`,
    },
  },
  {
    title: 'a stack whose proxy network is forgotten',
    files: {
      'compose.yaml':
        'services:\n  web:\n    image: nginx:1.27\n    networks: [default, proxy]\n  db:\n    image: postgres:17\n',
    },
  },
];
