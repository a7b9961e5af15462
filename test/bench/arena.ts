import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clearProjectAtExit } from '../../scripts/demo/clear-project.ts';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { removeImages } from '../lab/images.ts';
import { freePort } from '../lab/loopback-port.ts';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';
import { PlainProject } from './plain-project.ts';
import { buildTenImages, type TenImages, tenServices } from './ten-services.ts';

/** One host with the same ten services twice: deployed by us, and by hand. */
export interface Arena extends AsyncDisposable {
  readonly lab: DeploymentLab;
  readonly plain: PlainProject;
  readonly keyFile: string;
  readonly ports: { readonly ours: number; readonly plain: number };
  composeFile(whose: 'ours' | 'plain', version: string): string;
}

export async function openArena(): Promise<Arena> {
  const stack = new AsyncDisposableStack();
  stack.defer(removeImages);
  const images: TenImages = await buildTenImages();
  const ports = { ours: await freePort('127.0.0.1'), plain: await freePort('127.0.0.1') };
  const composeFile = (whose: 'ours' | 'plain', version: string): string => tenServices(images, ports[whose], version);
  const lab = stack.use(await startDeploymentLab({ files: { 'compose.yaml': composeFile('ours', '0') } }));
  const plain = stack.use(new PlainProject(lab.host));
  // Plain first: its containers hold the images whose tags go with ours.
  const forget = [clearProjectAtExit(plain.project), clearProjectAtExit(lab.project, lab.folder)];
  const directory = stack.use(await createTemporaryDirectory('bench'));
  const keyFile = join(directory.path, 'key');
  await writeFile(keyFile, lab.host.privateKey, { mode: 0o600 });
  const first = await lab.deploy();
  if (first.exitCode !== 0) throw new Error(`the first deployment failed:\n${first.log}`);
  await plain.copy(composeFile('plain', '0'));
  await plain.up();
  return {
    lab,
    plain,
    keyFile,
    ports,
    composeFile,
    [Symbol.asyncDispose]: async () => {
      await stack.disposeAsync();
      for (const each of forget) each();
    },
  };
}
