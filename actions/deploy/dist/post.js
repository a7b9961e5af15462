globalThis.gitopsStep = 'post';
await import('./index.js');
