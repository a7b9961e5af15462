import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Conduit } from './conduit.ts';

/** Where a relay leads to. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** A port that leads to another one, as long as the test lets it: it can be cut, refused, stalled, silenced and slow. */
export class Relay implements AsyncDisposable {
  #destination: Destination;
  readonly #addresses: readonly string[];
  readonly #sockets = new Set<Socket>();
  #servers: readonly Server[] = [];
  #waiting: Socket[] | undefined;
  #silence: PromiseWithResolvers<void> | undefined;
  #latency = { ms: 0, jitterMs: 0 };
  #port = 0;

  private constructor(destination: Destination, addresses: readonly string[]) {
    this.#destination = destination;
    this.#addresses = addresses;
  }

  /** Opens one free port on each of `addresses`, the same on all. */
  static async open(destination: Destination, addresses: readonly string[] = ['127.0.0.1']): Promise<Relay> {
    const relay = new Relay(destination, addresses);
    await relay.accept();
    return relay;
  }

  get port(): number {
    return this.#port;
  }

  /** Ends every connection; new ones are welcome. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From now on nothing listens on the port, as if the server had ended. */
  async refuse(): Promise<void> {
    const closed = this.#servers.map((server) => once(server, 'close'));
    for (const server of this.#servers) server.close();
    this.#servers = [];
    this.cut();
    await Promise.all(closed);
  }

  /** From now on a connection is accepted and hears nothing, as if the server hung. */
  stall(): void {
    this.#waiting ??= [];
  }

  /** From now on nothing passes any more, not even that a side has hung up, as if the cable were out. */
  silence(): void {
    this.#silence ??= Promise.withResolvers();
  }

  /** From now on each chunk is under way for `ms`, give or take `jitterMs`; without arguments it is there at once. */
  delay(ms = 0, jitterMs = 0): void {
    this.#latency = { ms, jitterMs };
  }

  /** Leads somewhere else from now on; connections that lead to the former place are ended. */
  leadTo(destination: Destination): void {
    this.#destination = destination;
    this.cut();
  }

  /** Ends `refuse`, `stall` and `silence`; who waits is let through. */
  async accept(): Promise<void> {
    this.#silence?.resolve();
    this.#silence = undefined;
    if (this.#servers.length === 0) await this.#listen();
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const socket of waiting) this.#forward(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.refuse();
  }

  /** The first address chooses the port; in the rare case that it is taken on another one, all choose again. */
  async #listen(): Promise<void> {
    for (let attempt = 1; this.#servers.length === 0; attempt++) {
      const servers: Server[] = [];
      try {
        let port = this.#port;
        for (const address of this.#addresses) servers.push(await this.#serve(address, port || portOf(servers[0])));
        port = portOf(servers[0]);
        this.#port = port;
        this.#servers = servers;
      } catch (error) {
        for (const server of servers) server.close();
        if (attempt === 5) throw error;
      }
    }
  }

  async #serve(address: string, port: number): Promise<Server> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#take(socket));
    server.listen(port, address);
    await once(server, 'listening');
    return server;
  }

  #take(socket: Socket): void {
    this.#track(socket);
    if (this.#waiting) this.#waiting.push(socket);
    else this.#forward(socket);
  }

  #forward(socket: Socket): void {
    if (socket.destroyed) return;
    const onward = connect({ ...this.#destination, allowHalfOpen: true, noDelay: true });
    this.#track(onward);
    socket.pipe(this.#conduit()).pipe(onward).pipe(this.#conduit()).pipe(socket);
    socket.once('close', () => this.#hangUp(onward));
    onward.once('close', () => this.#hangUp(socket));
  }

  #conduit(): Conduit {
    return new Conduit({ delayMs: () => this.#delayMs(), gate: () => this.#silence?.promise });
  }

  #delayMs(): number {
    const { ms, jitterMs } = this.#latency;
    return Math.max(0, ms + jitterMs * (2 * Math.random() - 1));
  }

  async #hangUp(other: Socket): Promise<void> {
    await this.#silence?.promise;
    other.destroySoon();
  }

  /** An error is followed by `close`, which is all that the other side can be told. */
  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket));
  }
}

function portOf(server: Server | undefined): number {
  const bound = server?.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
