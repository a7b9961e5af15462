/** What Docker said if it failed. The command line adds hints that help nobody here. */
export function failureWords(code: string, said: string, deadlineSeconds: number): string | undefined {
  if (code.trim() === '0') return undefined;
  if (code.trim() === '124') return `no end after ${deadlineSeconds} s`;
  const lines = said.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !/^Using default tag|^What's next|^View a summary/.test(line));
  return telling.join(' ').replace(/^(?:docker: )?Error response from daemon: /, '') || `exit code ${code.trim()}`;
}
