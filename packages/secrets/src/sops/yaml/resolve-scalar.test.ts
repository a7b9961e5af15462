import { expect, test } from 'vitest';
import { resolvePlain } from './resolve-scalar.ts';

/** What Go's yaml.v3 makes of plain scalars, and Go's `strconv` and `time` of the values: measured. */
const MEASURED = [
  ['true', 'bool True'],
  ['FALSE', 'bool False'],
  ['yes', 'str yes'],
  ['on', 'str on'],
  ['y', 'str y'],
  ['~', 'null '],
  ['Null', 'null '],
  ['', 'null '],
  ['+1', 'int 1'],
  ['-0', 'int 0'],
  ['007', 'int 7'],
  ['08', 'float 8'],
  ['0o17', 'int 15'],
  ['0o8', 'str 0o8'],
  ['0x1F', 'int 31'],
  ['0x', 'str 0x'],
  ['0b101', 'int 5'],
  ['1_000', 'int 1000'],
  ['1__2', 'int 12'],
  ['_1', 'str _1'],
  ['9223372036854775807', 'int 9223372036854775807'],
  ['18446744073709551616', 'float 18446744073709552000'],
  ['1e3', 'float 1000'],
  ['1.50', 'float 1.5'],
  ['.5', 'float 0.5'],
  ['5.', 'float 5'],
  ['.e3', 'str .e3'],
  ['1.5e-7', 'float 0.00000015'],
  ['-0.0', 'float -0'],
  ['1e400', 'str 1e400'],
  ['.inf', 'float +Inf'],
  ['-.Inf', 'float -Inf'],
  ['.NaN', 'float NaN'],
  ['12:30', 'str 12:30'],
  ['1.2.3', 'str 1.2.3'],
  ['2024-05-06', 'time 2024-05-06T00:00:00Z'],
  ['2024-5-6', 'time 2024-05-06T00:00:00Z'],
  ['2024-05-06T07:08:09Z', 'time 2024-05-06T07:08:09Z'],
  ['2024-05-06t07:08:09Z', 'time 2024-05-06T07:08:09Z'],
  ['2024-05-06T07:08:09.120Z', 'time 2024-05-06T07:08:09.12Z'],
  ['2024-05-06T07:08:09+02:00', 'time 2024-05-06T07:08:09+02:00'],
  ['2024-05-06 07:08:09', 'time 2024-05-06T07:08:09Z'],
  ['2024-05-06 07:08:09Z', 'str 2024-05-06 07:08:09Z'],
  ['2024-02-30', 'str 2024-02-30'],
  ['2024-05-06T07:08', 'str 2024-05-06T07:08'],
  ['<<', 'str <<'],
] as const;

test.each(MEASURED)('%j is read as %s', (source, expected) => {
  const { type, text } = resolvePlain(source);
  expect(`${type} ${text}`).toBe(expected);
});
