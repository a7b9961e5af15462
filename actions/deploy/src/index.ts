import './dirname.ts';
import { main } from './main.ts';
import { post } from './post.ts';

declare global {
  /** Set by `dist/post.js`, which is this bundle as the post step. No variable of a job can set it. */
  var gitopsStep: 'post' | undefined;
}

await (globalThis.gitopsStep === 'post' ? post() : main());
