import { createHash } from 'node:crypto';
import { type Answer, type Call, type Handlers, notFound, ok, textOf, unprocessable } from '../call.ts';
import { refusal } from '../faults.ts';

/** References, and files of branches: each write is a commit on its branch. */
export const CONTENT_ROUTES: Handlers = {
  'git/get-ref': (call) => withRef(call, (sha, ref) => ok(refView(ref, sha))),
  'git/create-ref': (call) => {
    const [ref, sha] = [textOf(call, 'ref').replace(/^refs\//, ''), textOf(call, 'sha')];
    if (call.state.refs.has(ref)) return unprocessable('Reference already exists');
    if (!call.state.commits.has(sha)) return unprocessable('Object does not exist');
    call.state.refs.set(ref, sha);
    return { status: 201, data: refView(ref, sha) };
  },
  'git/update-ref': (call) =>
    withRef(call, (old, ref) => {
      const sha = textOf(call, 'sha');
      const isForward = call.state.history(sha).has(old);
      if (!isForward && call.body['force'] !== true) return unprocessable('Update is not a fast forward');
      call.state.refs.set(ref, sha);
      return ok(refView(ref, sha));
    }),
  'git/delete-ref': (call) =>
    withRef(call, (_, ref) => {
      call.state.refs.delete(ref);
      return { status: 204 };
    }),
  'repos/get-content': (call) => {
    const [key, path] = keyOf(call, call.query.get('ref') ?? call.state.defaultBranch);
    const content = call.state.files.get(key);
    return content ? ok({ ...fileView(path, content), content: content.toString('base64') }) : notFound();
  },
  'repos/create-or-update-file-contents': (call) => {
    const [key, path, branch] = keyOf(call, String(call.body['branch'] ?? call.state.defaultBranch));
    const stale = staleFile(call, key);
    if (stale) return stale;
    const isNew = !call.state.files.has(key);
    const content = Buffer.from(textOf(call, 'content'), 'base64');
    call.state.files.set(key, content);
    return { status: isNew ? 201 : 200, data: { content: written(path, content), commit: commitTo(call, branch) } };
  },
  'repos/delete-file': (call) => {
    const [key, , branch] = keyOf(call, String(call.body['branch'] ?? call.state.defaultBranch));
    if (!call.state.files.has(key)) return notFound();
    const stale = staleFile(call, key);
    if (stale) return stale;
    call.state.files.delete(key);
    return ok({ content: null, commit: commitTo(call, branch) });
  },
};

function withRef(call: Call, work: (sha: string, ref: string) => Answer): Answer {
  const ref = call.parameters['ref'] ?? '';
  const sha = call.state.refs.get(ref);
  return sha === undefined ? notFound() : work(sha, ref);
}

function refView(ref: string, sha: string) {
  return { ref: `refs/${ref}`, object: { type: 'commit', sha } };
}

function keyOf(call: Call, ref: string): readonly [key: string, path: string, branch: string] {
  const path = call.parameters['path'] ?? '';
  const branch = ref.replace(/^refs\/heads\//, '');
  return [`${branch}:${path}`, path, branch];
}

/** Whoever changes a file names the version that they have seen. */
function staleFile({ state, body }: Call, key: string): Answer | undefined {
  const current = state.files.get(key);
  const expected = current && blobId(current);
  if (body['sha'] === expected) return undefined;
  return { status: 409, data: refusal(409, `${key} does not match ${String(body['sha'])}`) };
}

function commitTo({ state, caller, ...call }: Call, branch: string) {
  const parents = [state.refs.get(`heads/${branch}`) ?? []].flat();
  const message = String(call.body['message']);
  const sha = state.commit({ parents, message, author: caller, committer: caller, isVerified: true });
  state.refs.set(`heads/${branch}`, sha);
  return { sha, message };
}

function fileView(path: string, content: Buffer) {
  return { type: 'file', encoding: 'base64', ...written(path, content) };
}

function written(path: string, content: Buffer) {
  return { name: path.split('/').at(-1) ?? '', path, sha: blobId(content), size: content.length };
}

function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
