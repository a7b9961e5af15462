/** What messages call a text that came in as an input. */
export const SOURCES = { knownHostsSource: 'the input `ssh-known-hosts`' };
