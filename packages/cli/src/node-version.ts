/** The bundle says so itself, since an older Node fails much later and by a riddle. */
const OLDEST_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write(
    `gitops needs Node ${OLDEST_NODE} or newer, this is ${process.version}. scripts/deploy.sh brings one into .tools/.\n`,
  );
  process.exit(2);
}
