import { type Connection, quote, type RemoteScript } from './ssh/index.ts';

/**
 * A connection whose programs call Docker by other words than `docker`, e.g. `sudo docker`; what they start on the host
 * does so too.
 */
export function callingDocker(connection: Connection, words: string | undefined): Connection {
  if (words === undefined) return connection;
  const prelude = `GITOPS_DOCKER=${quote([words])}\nexport GITOPS_DOCKER\n`;
  const withWords = (script: RemoteScript): RemoteScript => ({ ...script, script: prelude + script.script });
  return {
    ...connection,
    run: (script) => connection.run(withWords(script)),
    open: (script) => connection.open(withWords(script)),
  };
}
