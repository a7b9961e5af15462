/** A line such as `::error file=a.yml,line=3::text` that a step prints to talk to the runner. */
export interface WorkflowCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Parses a printed line; undefined when it is ordinary output. */
export function parseWorkflowCommand(line: string): WorkflowCommand | undefined {
  const match = /^\s*::(?<command>[^\s:]+)(?: (?<properties>.*?))?::(?<message>.*)$/.exec(line);
  if (!match?.groups) return undefined;
  const { command = '', properties = '', message = '' } = match.groups;
  return { command, properties: parseProperties(properties), message: unescapeData(message) };
}

function parseProperties(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  const named = pairs.filter(([name, ...value]) => name?.trim() && value.length > 0);
  return Object.fromEntries(named.map(([name = '', ...value]) => [name.trim(), unescapeProperty(value.join('='))]));
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

/** `%25` comes last, or an escaped `%250A` would turn into a line break. */
function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
