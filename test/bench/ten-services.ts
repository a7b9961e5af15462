import { httpImage, type LabImage, sleeperImage } from '../lab/image-kinds.ts';

export interface TenImages {
  readonly web: LabImage;
  readonly sleeper: LabImage;
}

export async function buildTenImages(): Promise<TenImages> {
  const [web, sleeper] = await Promise.all([httpImage('ten'), sleeperImage()]);
  return { web, sleeper };
}

/** The Compose file of ten services: `web`, which answers on `port`, and nine that sleep. Another `version` changes `web`. */
export function tenServices({ web, sleeper }: TenImages, port: number, version: string): string {
  const others = Array.from({ length: 9 }, (_, index) => `  sleeper${index + 1}:\n    image: ${sleeper.reference}\n`);
  return `services:
  web:
    image: ${web.reference}
    environment: { VERSION: '${version}' }
    ports: ['127.0.0.1:${port}:8080']
    healthcheck: { test: [CMD, wget, -q, -O, /dev/null, 'http://127.0.0.1:8080/'], interval: 500ms }
${others.join('')}`;
}
