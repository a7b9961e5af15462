import { Narrator } from './narrator.ts';
import { scenes } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';

/** Plays every scene on one stage and returns the exit code: 0 if every check held. */
async function main(): Promise<number> {
  const narrator = new Narrator(process.stdout);
  narrator.title('gitops-coordinator: six deployments and what becomes of them');
  await using stage = await openStage(narrator);
  narrator.say(
    `An SSH server on 127.0.0.1:${stage.lab.host.port} plays the host; what it runs is real, on this machine's Docker.`,
  );
  narrator.say(
    'The deploy action runs as on GitHub: its built bundle, its inputs, its outputs. Git is a repository in /tmp.',
  );
  await playAll(stage, narrator);
  narrator.end();
  return narrator.failures === 0 ? 0 : 1;
}

/** A scene that breaks ends the play, as the next one begins with what it leaves. */
async function playAll(stage: Stage, narrator: Narrator): Promise<void> {
  for (const [index, { title, story, play }] of scenes.entries()) {
    narrator.scene(index + 1, title, story);
    try {
      narrator.sceneEnds(await play(stage), await stage.lab.current());
    } catch (error) {
      return narrator.check(
        'the scene was played to its end',
        false,
        error instanceof Error ? error.message : `${error}`,
      );
    }
  }
}

process.exitCode = await main();
