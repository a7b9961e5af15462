import { afterAll, describe, expect, test } from 'vitest';
import { sleeperImage } from '../../lab/image-kinds.ts';
import { removeImages } from '../../lab/images.ts';
import { BesideLab, project, service } from './beside-compose-lab.ts';

const image = (await sleeperImage()).reference;

afterAll(removeImages);

describe('what was done to a container by hand is undone by a deployment', () => {
  const limited = project([service('web', image, 'mem_limit: 64m'), service('other', image)]);
  const networks = '{{range $name, $_ := .NetworkSettings.Networks}} {{$name}}{{end}}';

  test('a limit that was changed, which plain Compose does not see', async () => {
    await using beside = await BesideLab.start(limited);
    const { lab, plain } = beside;
    const update = (name: string) => lab.sh(`docker update --memory 128m --memory-swap 256m ${name}-web-1`);
    await Promise.all([update(plain.name), update(lab.project)]);
    const mebibyte = 1024 * 1024;

    expect((await plain.up()).code).toBe(0);
    expect(await plain.inspect('web', '{{.HostConfig.Memory}}')).toBe(`${128 * mebibyte}`);

    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await beside.inspect('web', '{{.HostConfig.Memory}}')).toBe(`${64 * mebibyte}`);
  });

  test('a network that was connected, which plain Compose does not see', async () => {
    await using beside = await BesideLab.start(limited);
    const { lab, plain } = beside;
    const network = `${lab.project}-by-hand`;
    await lab.sh(`docker network create ${network}`);
    await using _network = {
      [Symbol.asyncDispose]: async () => {
        for (const name of [plain.name, lab.project]) {
          await lab.sh(`docker network disconnect --force ${network} ${name}-web-1 || true`);
        }
        await lab.sh(`docker network rm ${network}`);
      },
    };
    for (const name of [plain.name, lab.project]) await lab.sh(`docker network connect ${network} ${name}-web-1`);

    expect((await plain.up()).code).toBe(0);
    expect(await plain.inspect('web', networks)).toContain(network);

    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await beside.inspect('web', networks)).toBe(` ${lab.project}_default`);
  });

  test('a network that was disconnected, which plain Compose sees too', async () => {
    await using beside = await BesideLab.start(limited);
    const { lab, plain } = beside;
    for (const name of [plain.name, lab.project])
      await lab.sh(`docker network disconnect ${name}_default ${name}-web-1`);

    expect((await plain.up()).code).toBe(0);
    expect(await plain.inspect('web', networks)).toBe(` ${plain.name}_default`);

    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await beside.inspect('web', networks)).toBe(` ${lab.project}_default`);
  });
});
