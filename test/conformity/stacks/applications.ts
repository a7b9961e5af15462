import type { Case } from '../case.ts';

export const APPLICATIONS: readonly Case[] = [
  {
    title: 'nextcloud with database, cache and cron',
    files: {
      'compose.yaml': `
name: nextcloud
x-nextcloud: &nextcloud
  image: nextcloud:\${NEXTCLOUD_TAG:-30-apache}
  restart: unless-stopped
  volumes:
    - html:/var/www/html
    - \${DATA_ROOT}/files:/var/www/html/data
  depends_on: [db, redis]
services:
  app:
    <<: *nextcloud
    ports:
      - "127.0.0.1:8081:80"
    environment:
      POSTGRES_HOST: db
      POSTGRES_DB: nextcloud
      POSTGRES_USER: nextcloud
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
      REDIS_HOST: redis
      NEXTCLOUD_TRUSTED_DOMAINS: cloud.example.com www.example.com
      PHP_MEMORY_LIMIT: 1G
      OVERWRITEPROTOCOL: https
    secrets: [db_password]
  cron:
    <<: *nextcloud
    entrypoint: /cron.sh
  db:
    image: postgres:16-alpine
    restart: unless-stopped
    shm_size: 256mb
    volumes: ["db:/var/lib/postgresql/data:Z"]
    environment:
      - POSTGRES_DB=nextcloud
      - POSTGRES_USER=nextcloud
      - POSTGRES_PASSWORD_FILE=/run/secrets/db_password
    secrets: [db_password]
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U nextcloud"]
      interval: 10s
      retries: 5
  redis:
    image: redis:7-alpine
    command: redis-server --save 60 1 --loglevel warning
volumes:
  html:
  db:
secrets:
  db_password:
    file: ./db_password.txt
`,
      'db_password.txt': 'x',
      '.env': 'DATA_ROOT=/srv/nextcloud\n',
    },
  },
  {
    title: 'immich with hardware acceleration extended from a file',
    files: {
      'compose.yaml': `
services:
  immich-server:
    container_name: immich_server
    image: ghcr.io/immich-app/immich-server:\${IMMICH_VERSION:-release}
    extends:
      file: hwaccel.transcoding.yml
      service: quicksync
    volumes:
      - \${UPLOAD_LOCATION}:/usr/src/app/upload
      - /etc/localtime:/etc/localtime:ro
    env_file: [stack.env]
    ports: ['2283:2283']
    depends_on:
      - redis
      - database
    restart: always
    healthcheck:
      disable: false
  immich-machine-learning:
    container_name: immich_machine_learning
    image: ghcr.io/immich-app/immich-machine-learning:\${IMMICH_VERSION:-release}-openvino
    volumes: [model-cache:/cache]
    restart: always
  redis:
    image: docker.io/valkey/valkey:8-bookworm
    healthcheck:
      test: redis-cli ping || exit 1
    restart: always
  database:
    image: ghcr.io/immich-app/postgres:14-vectorchord0.3.0
    environment:
      POSTGRES_PASSWORD: \${DB_PASSWORD}
      POSTGRES_USER: \${DB_USERNAME}
      POSTGRES_INITDB_ARGS: '--data-checksums'
    volumes:
      - \${DB_DATA_LOCATION}:/var/lib/postgresql/data
    shm_size: 128mb
    restart: always
volumes:
  model-cache:
`,
      'hwaccel.transcoding.yml': `
services:
  cpu: {}
  quicksync:
    devices:
      - /dev/dri:/dev/dri
  nvenc:
    deploy:
      resources:
        reservations:
          devices:
            - driver: nvidia
              count: 1
              capabilities: [gpu, compute, video]
`,
      'stack.env': 'TZ=Europe/Berlin\n',
      '.env': 'UPLOAD_LOCATION=/mnt/photos\nDB_DATA_LOCATION=/srv/immich/db\nDB_USERNAME=immich\nDB_PASSWORD=pw\n',
    },
  },
  {
    title: 'paperless with its helpers',
    files: {
      'docker-compose.yml': `
version: "3.4"
services:
  broker:
    image: docker.io/library/redis:8
    restart: unless-stopped
    volumes:
      - redisdata:/data
  db:
    image: docker.io/library/postgres:17
    restart: unless-stopped
    volumes:
      - pgdata:/var/lib/postgresql/data
    environment:
      POSTGRES_DB: paperless
      POSTGRES_USER: paperless
      POSTGRES_PASSWORD: \${PAPERLESS_DBPASS:?set a password}
  webserver:
    image: ghcr.io/paperless-ngx/paperless-ngx:2.14
    restart: unless-stopped
    depends_on:
      - db
      - broker
      - gotenberg
      - tika
    ports:
      - "8000:8000"
    volumes:
      - data:/usr/src/paperless/data
      - media:/usr/src/paperless/media
      - ./export:/usr/src/paperless/export
      - ./consume:/usr/src/paperless/consume
    env_file: docker-compose.env
    environment:
      PAPERLESS_REDIS: redis://broker:6379
      PAPERLESS_DBHOST: db
      PAPERLESS_TIKA_ENABLED: 1
  gotenberg:
    image: docker.io/gotenberg/gotenberg:8.17
    restart: unless-stopped
    command:
      - "gotenberg"
      - "--chromium-disable-javascript=true"
      - "--chromium-allow-list=file:///tmp/.*"
  tika:
    image: docker.io/apache/tika:latest
    restart: unless-stopped
volumes:
  data:
  media:
  pgdata:
  redisdata:
`,
      'docker-compose.env':
        'USERMAP_UID=1000\n# PAPERLESS_URL=https://paperless.example.com\nPAPERLESS_OCR_LANGUAGE=deu+eng\n',
      '.env': 'PAPERLESS_DBPASS=x\n',
    },
  },
  {
    title: 'gitea with a runner in a profile',
    files: {
      'compose.yaml': `
networks:
  gitea:
    external: false
services:
  server:
    image: docker.gitea.com/gitea:1.23.7
    environment:
      - USER_UID=1000
      - USER_GID=1000
      - GITEA__database__DB_TYPE=postgres
      - GITEA__database__HOST=db:5432
      - GITEA__database__PASSWD=\${DB_PASSWORD}
    restart: always
    networks: [gitea]
    volumes:
      - ./gitea:/data
      - type: bind
        source: /etc/timezone
        target: /etc/timezone
        read_only: true
    ports: ["3000:3000", "222:22"]
    depends_on:
      db:
        condition: service_healthy
        restart: true
  db:
    image: postgres:14
    restart: always
    environment: { POSTGRES_USER: gitea, POSTGRES_PASSWORD: "\${DB_PASSWORD}", POSTGRES_DB: gitea }
    networks: [gitea]
    volumes: ["./postgres:/var/lib/postgresql/data"]
    healthcheck: { test: [CMD, pg_isready, -U, gitea], interval: 5s, timeout: 3s, retries: 10, start_period: 1m }
  runner:
    profiles: [ci]
    image: docker.io/gitea/act_runner:nightly
    networks: [gitea]
    depends_on: [server]
    environment:
      GITEA_INSTANCE_URL: http://server:3000
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
`,
      '.env': "DB_PASSWORD='a$b'\n",
    },
  },
  {
    title: 'vaultwarden behind labels of a proxy',
    files: {
      'compose.yml': `
services:
  vaultwarden:
    image: vaultwarden/server:1.33.2-alpine
    container_name: vaultwarden
    restart: unless-stopped
    user: "1000:1000"
    read_only: true
    tmpfs: [/tmp]
    security_opt: ["no-new-privileges:true"]
    cap_drop: [ALL]
    environment:
      DOMAIN: "https://\${SUBDOMAIN}.\${BASE_DOMAIN}"
      SIGNUPS_ALLOWED: "false"
      ROCKET_PORT: 8080
      ADMIN_TOKEN: $$argon2id$$v=19$$m=65540
    volumes:
      - ./vw-data:/data
    networks:
      proxy:
        aliases: [vault]
    labels:
      - "traefik.enable=true"
      - "traefik.http.routers.vw.rule=Host(\`\${SUBDOMAIN}.\${BASE_DOMAIN}\`)"
      - "traefik.http.services.vw.loadbalancer.server.port=8080"
networks:
  proxy:
    external: true
    name: traefik_proxy
`,
      '.env': 'SUBDOMAIN=vault\nBASE_DOMAIN=example.com\n',
    },
  },
  {
    title: 'docmost with an override for development',
    files: {
      'compose.yaml': `
services:
  docmost:
    image: docmost/docmost:0.20
    depends_on: [db, redis]
    environment:
      APP_URL: https://docmost.example.com
      APP_SECRET: \${APP_SECRET}
      DATABASE_URL: postgresql://docmost:\${DB_PASSWORD}@db:5432/docmost?schema=public
      REDIS_URL: redis://redis:6379
    ports: ["3000:3000"]
    restart: unless-stopped
    volumes: [docmost:/app/data/storage]
  db:
    image: postgres:16-alpine
    environment: [POSTGRES_DB=docmost, POSTGRES_USER=docmost, "POSTGRES_PASSWORD=\${DB_PASSWORD}"]
    volumes: [db_data:/var/lib/postgresql/data]
  redis: { image: "redis:7.2-alpine", volumes: ["redis_data:/data"] }
volumes: { docmost: , db_data: , redis_data: }
`,
      'compose.override.yaml': `
services:
  docmost:
    build: { context: ./docmost, target: dev, args: { NODE_ENV: development } }
    ports: !override ["127.0.0.1:3001:3000"]
    environment: { APP_URL: http://localhost:3001 }
  db:
    ports: ["127.0.0.1:5432:5432"]
  redis: !reset null
`,
      '.env': 'APP_SECRET=s\nDB_PASSWORD=p\n',
    },
  },
  {
    title: 'a docmost override that takes away what is needed',
    files: {
      'compose.yaml': 'services:\n  app: {image: a, depends_on: [redis]}\n  redis: {image: b}\n',
      'compose.override.yaml': 'services:\n  redis: !reset null\n',
    },
  },
  {
    title: 'wordpress of the old days',
    files: {
      'docker-compose.yml': `
version: '3.1'
services:
  wordpress:
    image: wordpress
    restart: always
    ports:
      - 8080:80
    environment:
      WORDPRESS_DB_HOST: db
      WORDPRESS_DB_USER: exampleuser
      WORDPRESS_DB_PASSWORD: examplepass
      WORDPRESS_DB_NAME: exampledb
    volumes:
      - wordpress:/var/www/html
    links:
      - db:mysql
  db:
    image: mysql:8.0
    restart: always
    command: --default-authentication-plugin=mysql_native_password
    environment:
      MYSQL_DATABASE: exampledb
      MYSQL_RANDOM_ROOT_PASSWORD: '1'
    volumes:
      - db:/var/lib/mysql
volumes:
  wordpress:
  db:
`,
    },
  },
  {
    title: 'ghost with mail settings in an extension',
    files: {
      'compose.yaml': `
x-mail: &mail
  mail__transport: SMTP
  mail__options__host: smtp.example.com
  mail__options__port: 587
x-logging: &logging
  driver: json-file
  options: { max-size: "10m", max-file: "3" }
services:
  ghost:
    image: ghost:5-alpine
    logging: *logging
    environment:
      <<: *mail
      url: https://blog.example.com
      database__client: mysql
      database__connection__host: db
    ports: ["127.0.0.1:2368:2368"]
    volumes: ["content:/var/lib/ghost/content"]
  db:
    image: mysql:8.4
    logging: *logging
    environment: { MYSQL_ALLOW_EMPTY_PASSWORD: "yes" }
    volumes: ["db:/var/lib/mysql"]
volumes: {content: , db: }
`,
    },
  },
  {
    title: 'home assistant on the network of the host',
    files: {
      'compose.yaml': `
services:
  homeassistant:
    container_name: homeassistant
    image: "ghcr.io/home-assistant/home-assistant:stable"
    volumes:
      - ./config:/config
      - /etc/localtime:/etc/localtime:ro
      - /run/dbus:/run/dbus:ro
    restart: unless-stopped
    privileged: true
    network_mode: host
  zigbee2mqtt:
    image: koenkk/zigbee2mqtt:2
    restart: unless-stopped
    depends_on: [mosquitto]
    devices:
      - /dev/serial/by-id/usb-adapter-if00:/dev/ttyACM0
    group_add: [dialout, 20]
    volumes: ["./zigbee:/app/data", "/run/udev:/run/udev:ro"]
    environment: [TZ=Europe/Berlin]
    ports: [8080:8080]
  mosquitto:
    image: eclipse-mosquitto:2
    ports: ["1883:1883", "9001:9001"]
    configs:
      - source: mosquitto
        target: /mosquitto/config/mosquitto.conf
configs:
  mosquitto:
    content: |
      listener 1883
      allow_anonymous true
`,
    },
  },
];
