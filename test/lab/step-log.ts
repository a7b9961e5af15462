import { parseWorkflowCommand, type WorkflowCommand } from './workflow-commands.ts';

const levels = ['error', 'warning', 'notice'] as const;
/** The runner drops the rest silently. */
const maxAnnotationsPerLevel = 10;

/** An annotation as GitHub shows it beside the file. */
export interface Annotation {
  readonly level: (typeof levels)[number];
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a step prints, line by line, as the runner understands it. */
export class StepLog {
  readonly masks: string[] = [];
  readonly annotations: Annotation[] = [];
  readonly groups: string[] = [];
  readonly #lines: string[] = [];
  readonly #rawLines: string[] = [];
  #droppedAnnotations = 0;
  #resumeToken: string | undefined;

  /** What the runner shows: masked from the point on where the mask was registered. */
  get text(): string {
    return this.#lines.join('\n');
  }

  /** What the process printed, unmasked. */
  get rawText(): string {
    return this.#rawLines.join('\n');
  }

  /** How many annotations went beyond the ten of their level and were dropped. */
  get droppedAnnotations(): number {
    return this.#droppedAnnotations;
  }

  /** Registers a secret and each of its lines. The runner masks encoded forms as well; here the action has to do that. */
  addMask(secret: string): void {
    const parts = [secret, ...secret.split(/\r?\n/)].filter((part) => part.trim() !== '');
    this.masks.push(...parts.filter((part) => !this.masks.includes(part)));
    this.masks.sort((a, b) => b.length - a.length);
  }

  /** Takes one printed line. */
  write(line: string): void {
    this.#rawLines.push(line);
    const command = parseWorkflowCommand(line);
    if (command) this.#obey(command);
    this.#lines.push(this.#masked(line));
  }

  #obey(command: WorkflowCommand): void {
    if (this.#resumeToken !== undefined) {
      if (command.command === this.#resumeToken) this.#resumeToken = undefined;
      return;
    }
    if (command.command === 'add-mask') this.addMask(command.message);
    else if (command.command === 'group') this.groups.push(command.message);
    else if (command.command === 'stop-commands') this.#resumeToken = command.message;
    else this.#annotate(command);
  }

  #annotate(command: WorkflowCommand): void {
    const level = levels.find((name) => name === command.command);
    if (level === undefined) return;
    const shown = this.annotations.filter((annotation) => annotation.level === level).length;
    if (shown < maxAnnotationsPerLevel) this.annotations.push(annotationOf(level, command));
    else this.#droppedAnnotations++;
  }

  #masked(line: string): string {
    return this.masks.reduce((text, mask) => text.replaceAll(mask, '***'), line);
  }
}

function annotationOf(level: Annotation['level'], { properties, message }: WorkflowCommand): Annotation {
  const { title, file, line, col } = properties;
  return {
    level,
    message,
    ...(title !== undefined && { title }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line: Number(line) }),
    ...(col !== undefined && { column: Number(col) }),
  };
}
