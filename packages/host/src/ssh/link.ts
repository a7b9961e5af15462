import type { Client, ClientChannel } from 'ssh2';
import { channelError, lostError } from './script-errors.ts';

/** A live SSH connection that opens channels and knows when, and why, it is gone. */
export class Link {
  /** `user@host:port` */
  readonly label: string;
  readonly #client: Client;
  #lost: string | undefined;

  constructor(client: Client, label: string) {
    this.#client = client;
    this.label = label;
    // Without a listener, a connection that breaks between two commands would end the whole process.
    client.on('error', (error) => this.#lose(error.message));
    client.on('close', () => this.#lose('the host closed it'));
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

  close(): void {
    this.#lose('it was closed by us');
    this.#client.end();
  }

  #exec(command: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.#client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
    });
  }

  #lose(why: string): void {
    this.#lost ??= why;
  }
}
