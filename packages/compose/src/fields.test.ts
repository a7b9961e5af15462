import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldDifferences, namesOfFields } from './fields.ts';

const definition = fc.dictionary(
  fc.constantFrom('image', 'command', 'environment', 'labels', 'deploy', 'restart', 'ports', 'depends_on'),
  fc.oneof(fc.string(), fc.dictionary(fc.constantFrom('a', 'b'), fc.string()), fc.array(fc.string())),
);

it('a definition does not differ from itself', () => {
  fc.assert(
    fc.property(definition, (each) => {
      expect(fieldDifferences(each, structuredClone(each))).toEqual([]);
    }),
  );
});

it('the same fields differ in both directions', () => {
  const fields = (before: object, after: object) =>
    fieldDifferences({ ...before }, { ...after }).map(({ field }) => field);
  fc.assert(
    fc.property(definition, definition, (one, other) => {
      expect(fields(one, other)).toEqual(fields(other, one));
    }),
  );
});

it('only what can not be secret is shown with its values', () => {
  const before = { image: 'a:1', command: ['a'], environment: { A: 'x' }, ports: [{ target: 80 }] };
  const after = { image: 'a:2', command: ['b'], environment: { A: 'y' } };
  expect(fieldDifferences(before, after)).toEqual([
    { field: 'command' },
    { field: 'environment.A' },
    { field: 'image', before: 'a:1', after: 'a:2' },
    { field: 'ports', before: '80', after: 'none' },
  ]);
  expect(namesOfFields(fieldDifferences(before, after))).toBe(
    'command, environment.A, image a:1 → a:2, ports 80 → none',
  );
});

it('ports are shown as they are written in a Compose file', () => {
  const tcp = { mode: 'ingress', host_ip: '127.0.0.1', target: 80, published: '8080', protocol: 'tcp' };
  const udp = { mode: 'ingress', target: 53, published: '53', protocol: 'udp' };
  const fields = fieldDifferences({ ports: [tcp] }, { ports: [{ ...tcp, published: '8081' }, udp] });
  expect(namesOfFields(fields)).toBe('ports 127.0.0.1:8080:80 → 127.0.0.1:8081:80 53:53/udp');
});

it('two labels that name the owner are told once', () => {
  const labels = { 'gitops.name': 'infra', 'gitops.environment': 'production' };
  expect(namesOfFields(fieldDifferences({ labels: {} }, { labels }))).toBe('labels of its owner');
});

it('the number of replicas is no difference, everything else of `deploy` is', () => {
  expect(fieldDifferences({}, { deploy: { replicas: 2 } })).toEqual([]);
  expect(fieldDifferences({ deploy: { replicas: 1, mode: 'x' } }, { deploy: { replicas: 2, mode: 'x' } })).toEqual([]);
  expect(fieldDifferences({}, { deploy: { resources: { limits: { memory: '64m' } } } })).toEqual([{ field: 'deploy' }]);
});
