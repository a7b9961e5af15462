/** The bundle says so itself, since an older Node fails much later and by a riddle. */
const OLDEST_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `gitops needs Node ${OLDEST_NODE} or newer, this is ${process.version}. Install it from nodejs.org, or, with npm: npm install --prefix .tools --no-save node@24\n`,
  );
  process.exit(2);
}
