import type { Client, ClientChannel } from 'ssh2';
import { channelError, lostError } from './script-errors.ts';

/** How a link stands among others, and what its silence means. */
export interface LinkPlace {
  /** `user@host:port` */
  readonly label: string;
  /** The link to the jump host that this one runs through. It is closed with this one. */
  readonly via?: Link | undefined;
  /** After how much silence the connection counts as lost. */
  readonly silenceMs: number;
}

/** A live SSH connection that opens channels and knows when, and why, it is gone. */
export class Link {
  readonly #client: Client;
  readonly #place: LinkPlace;
  #lost: string | undefined;

  constructor(client: Client, place: LinkPlace) {
    this.#client = client;
    this.#place = place;
    // Without a listener, a connection that breaks between two commands would end the whole process.
    client.on('error', (error) => this.#lose(this.#describe(error)));
    client.on('close', () => this.#lose('the host closed it'));
  }

  /** `user@host:port` */
  get label(): string {
    return this.#place.label;
  }

  /** Why the connection is gone, or undefined while it lives. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /**
   * Starts a command.
   *
   * @throws GitopsError `ssh-lost`, `ssh-channel`
   */
  async openChannel(command: string, what: string): Promise<ClientChannel> {
    const place = { what, label: this.label };
    if (this.#lost) throw lostError(place, this.#lost);
    try {
      return await this.#exec(command);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      throw this.#lost ? lostError(place, this.#lost, error) : channelError(place, error);
    }
  }

  /** Lets the host connect to another one; rejects with the error of ssh2. */
  openTunnel(host: string, port: number): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) =>
        error ? reject(error) : resolve(channel),
      );
    });
  }

  close(): void {
    this.#lose('it was closed by us');
    this.#client.end();
    this.#place.via?.close();
  }

  #exec(command: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.#client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
    });
  }

  #describe(error: Error): string {
    const silent = 'level' in error && error.level === 'client-timeout';
    return silent ? `the host did not answer for ${this.#place.silenceMs / 1000} s` : error.message;
  }

  #lose(why: string): void {
    const { via } = this.#place;
    this.#lost ??= via?.lost === undefined ? why : `the one to its jump host ${via.label} was lost: ${via.lost}`;
  }
}
