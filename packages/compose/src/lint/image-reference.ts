/** Why Docker cannot read a reference to an image, and what to write. */
export interface ReferenceFault {
  readonly fault: string;
  readonly remedy: string;
}

/** `name`, `:tag`, `@digest`. A colon before a slash is that of a registry's port. */
const PARTS = /^([^@]*?)(?::([^:/@]*))?(?:@(.*))?$/s;
/** https://github.com/distribution/reference/blob/v0.6.0/regexp.go */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d+)?$/i;
const PATH_PART = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
/** In characters, without tag and digest. */
const LONGEST_NAME = 255;

/** What keeps a text from being a reference to an image, if anything does. */
export function referenceFault(image: string): ReferenceFault | undefined {
  const [, name = image, tag, digest] = PARTS.exec(image) ?? [];
  return (
    blankFault(image) ??
    addressFault(image) ??
    nameFault(name, image) ??
    (tag === undefined || TAG.test(tag) ? undefined : tagFault(tag)) ??
    (digest === undefined || DIGEST.test(digest) ? undefined : DIGEST_FAULT)
  );
}

const DIGEST_FAULT: ReferenceFault = {
  fault: 'what is behind `@` is no digest',
  remedy: 'write `@sha256:` and 64 of the characters 0-9 and a-f',
};

function blankFault(image: string): ReferenceFault | undefined {
  return /\s/.test(image) ? { fault: 'it holds a blank', remedy: `write \`${image.replace(/\s+/g, '')}\`` } : undefined;
}

function addressFault(image: string): ReferenceFault | undefined {
  const [scheme] = /^[a-z]+:\/\//i.exec(image) ?? [];
  if (scheme === undefined) return undefined;
  return { fault: `it begins with \`${scheme}\``, remedy: `write \`${image.slice(scheme.length)}\`` };
}

function nameFault(name: string, image: string): ReferenceFault | undefined {
  const [first = '', ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasHost ? rest.join('/') : name;
  if (/[A-Z]/.test(path)) {
    const lower = `${hasHost ? `${first}/` : ''}${path.toLowerCase()}${image.slice(name.length)}`;
    return { fault: 'the name of a repository has no capital letters', remedy: `write \`${lower}\`` };
  }
  const isName = path.length <= LONGEST_NAME && path.split('/').every((part) => PATH_PART.test(part));
  if (isName && (!hasHost || HOST.test(first))) return undefined;
  return {
    fault: `\`${name}\` is no name of a repository`,
    remedy:
      'write `name:tag` or `registry/name:tag`; names have the characters a-z and 0-9, with `.`, `_` or `-` between them',
  };
}

function tagFault(tag: string): ReferenceFault {
  return tag === ''
    ? { fault: 'its tag is empty', remedy: 'write a tag behind the colon' }
    : {
        fault: `\`${tag}\` is no tag`,
        remedy: 'use the characters A-Z, a-z, 0-9, `_`, `.` and `-`, and begin with none of the last two',
      };
}
