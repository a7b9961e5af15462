import { withoutComposeLabels } from './compose-labels.ts';
import { type Definition, duration, given } from './definition.ts';
import type { Healthcheck, InspectedContainer, InspectedImage } from './inspected.ts';

type Config = InspectedContainer['Config'];
type ImageConfig = NonNullable<InspectedImage['Config']> | undefined;

/** What runs inside, where it is not what the image says anyway. */
export function processFields({ Config, HostConfig }: InspectedContainer, image: ImageConfig): Definition {
  return {
    ...commandFields(Config, image),
    ...given({
      environment: environment(Config.Env, image?.Env ?? []),
      labels: labels(Config.Labels, image?.Labels ?? {}),
      user: differing(Config.User, image?.User),
      working_dir: differing(Config.WorkingDir, image?.WorkingDir),
      stop_signal: differing(Config.StopSignal, image?.StopSignal),
      healthcheck: healthcheck(Config.Healthcheck, image?.Healthcheck),
      tty: Config.Tty,
      stdin_open: Config.OpenStdin,
    }),
    ...(Config.StopTimeout != null && { stop_grace_period: `${Config.StopTimeout}s` }),
    ...(HostConfig.Init != null && { init: HostConfig.Init }),
  };
}

function differing(value: string, ofImage = ''): string {
  return value === ofImage ? '' : value;
}

/** An entrypoint of the service's own makes Docker forget the image's command, so no command is then a fact to keep. */
function commandFields({ Entrypoint, Cmd }: Config, image: ImageConfig): Definition {
  const imageCommand = image?.Cmd ?? [];
  const ownEntrypoint = !sameList(Entrypoint, image?.Entrypoint ?? []) || (Cmd.length === 0 && imageCommand.length > 0);
  const ownCommand = Cmd.length > 0 && (ownEntrypoint || !sameList(Cmd, imageCommand));
  return { ...(ownEntrypoint && { entrypoint: Entrypoint }), ...(ownCommand && { command: Cmd }) };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

/** An entry without `=` takes a variable of the image away; Compose writes that as null. */
function environment(entries: readonly string[], ofImage: readonly string[]): Definition {
  const own = entries.filter((entry) => !ofImage.includes(entry));
  return Object.fromEntries(own.map((entry) => [variableOf(entry), textOf(entry)]));
}

function variableOf(entry: string): string {
  const at = entry.indexOf('=');
  return at < 0 ? entry : entry.slice(0, at);
}

function textOf(entry: string): string | null {
  const at = entry.indexOf('=');
  return at < 0 ? null : entry.slice(at + 1);
}

function labels(own: Readonly<Record<string, string>>, ofImage: Readonly<Record<string, string>>): Definition {
  const set = Object.entries(withoutComposeLabels(own)).filter(([name, value]) => ofImage[name] !== value);
  return Object.fromEntries(set);
}

/** Docker fills what the service leaves open from the image, so a part that differs needs no other parts, but bears them. */
function healthcheck(own: Healthcheck | null | undefined, ofImage: Healthcheck | null | undefined): Definition {
  if (own == null || JSON.stringify(own) === JSON.stringify(ofImage)) return {};
  if (own.Test[0] === 'NONE') return { disable: true };
  return given({
    test: own.Test,
    interval: duration(own.Interval),
    timeout: duration(own.Timeout),
    start_period: duration(own.StartPeriod),
    start_interval: duration(own.StartInterval),
    retries: own.Retries,
  });
}
