// ssh2 is CommonJS and reads `__dirname`; in an ES module bundle nobody defines it.
Object.assign(globalThis, { __dirname: import.meta.dirname });
