import type { ActionResult } from '../../test/lab/action-runner.ts';
import { type DeploymentLab, startDeploymentLab } from '../../test/lab/deployment-lab.ts';
import { removeImages } from '../../test/lab/images.ts';
import { freePort } from '../../test/lab/loopback-port.ts';
import { clearProjectAtExit } from './clear-project.ts';
import type { Narrator } from './narrator.ts';
import { buildShopImages, type ShopImages, type ShopVersion, shopFiles, shopHealth } from './shop.ts';
import { look, type Sight } from './sight.ts';

/** A host, a repository with the shop in it, and somebody who tells what happens. */
export interface Stage extends AsyncDisposable {
  readonly lab: DeploymentLab;
  readonly images: ShopImages;
  readonly url: string;
  readonly narrator: Narrator;
  /** Commits a version of the shop. */
  commit(version: ShopVersion): Promise<string>;
  /** Runs the deploy action to its end and quotes what it said. */
  deploy(): Promise<ActionResult>;
  look(): Promise<Sight>;
}

/** Starts the host first and makes the images later: what is made last goes first if the demo is interrupted. */
export async function openStage(narrator: Narrator): Promise<Stage> {
  const port = await freePort('127.0.0.1');
  const lab = await startDeploymentLab({ files: {}, health: shopHealth(port) });
  const forget = clearProjectAtExit(lab.project, lab.folder);
  const images = await buildShopImages();
  const url = `http://127.0.0.1:${port}/`;
  return {
    ...{ lab, images, url, narrator },
    commit: (version) => lab.commit(shopFiles(images, port, version)),
    async deploy() {
      const result = await lab.deploy();
      narrator.quote(tellingLines(result));
      return result;
    },
    look: () => look(lab, url),
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]();
      await removeImages();
      forget();
    },
  };
}

/** The plan, and the first lines of what went wrong. */
function tellingLines({ log, annotations }: ActionResult): readonly string[] {
  const plan = log.split('\n').filter((line) => /^ {2}[+~±↻-] /.test(line));
  return [...plan, ...annotations.flatMap(({ message }) => message.split('\n').slice(0, 3))].map((line) => line.trim());
}
