import { describe, expect, it } from 'vitest';
import { readStatement } from '#analytics/store/engine/statement.ts';

const read = (text: string) => {
  const { tokens: _, ...statement } = readStatement(Buffer.from(text));
  return statement;
};

describe('a statement', () => {
  it.each([
    ['SELECT 1', { kind: 'read', before: 'SELECT 1', format: undefined, after: '' }],
    ['select 1 format JSON ;\n', { kind: 'read', before: 'select 1 ', format: 'JSON', after: '' }],
    [
      'SELECT 1 FORMAT CSV SETTINGS a = 1',
      { kind: 'read', before: 'SELECT 1 ', format: 'CSV', after: 'SETTINGS a = 1' },
    ],
    ['SELECT {x:UInt8} FORMAT CSV', { kind: 'read', before: 'SELECT {x:UInt8} ', format: 'CSV', after: '' }],
    ['SELECT format FROM t', { kind: 'read', format: undefined }],
    ['SELECT t.format b', { kind: 'read', format: undefined }],
    ['SELECT table, 1 FROM t GROUP BY table FORMAT CSV', { kind: 'read', format: 'CSV' }],
    ['SELECT n FROM t ORDER BY n, table FORMAT CSV', { kind: 'read', format: 'CSV' }],
    ['DESCRIBE TABLE format', { kind: 'read', format: undefined }],
    ['SELECT 1 AS format', { kind: 'read', format: undefined }],
    ["SELECT 'a FORMAT CSV'", { kind: 'read', format: undefined }],
    ['SELECT (SELECT 1 FORMAT CSV)', { kind: 'read', format: undefined }],
    ['-- FORMAT CSV\nSHOW TABLES', { kind: 'read', format: undefined }],
    ['CREATE TABLE t (format String) ENGINE = Memory', { kind: 'other', verb: 'CREATE' }],
    ['INSERT INTO t SELECT 1', { kind: 'other', verb: 'INSERT' }],
    ['WITH 1 AS x INSERT INTO t SELECT x', { kind: 'other', verb: 'WITH' }],
    ["INSERT INTO t FROM INFILE 'x' FORMAT CSV", { kind: 'other', verb: 'INSERT' }],
  ])('is seen for what it is: %s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it.each([
    ['INSERT INTO t FORMAT JSONEachRow\n{"a":1}', 'JSONEachRow', '{"a":1}', 'INSERT INTO t '],
    ['INSERT INTO `a;b`.t (`FORMAT x`, b) FORMAT CSV \r\n1;2', 'CSV', '1;2', 'INSERT INTO `a;b`.t (`FORMAT x`, b) '],
    ['insert into t values (1), (2);', 'Values', ' (1), (2);', 'insert into t '],
    ['INSERT INTO values (a) VALUES (1)', 'Values', ' (1)', 'INSERT INTO values (a) '],
    ['INSERT INTO tä FORMAT RowBinary\n\0;\xff', 'RowBinary', '\0;\xff', 'INSERT INTO tä '],
    ['INSERT INTO t FORMAT Values', 'Values', '', 'INSERT INTO t '],
  ])('leaves the rows of %s alone', (text, format, data, before) => {
    const bytes = Buffer.from(text);
    const statement = readStatement(bytes);
    expect(statement).toMatchObject({ kind: 'insert', format, before });
    if (statement.kind === 'insert') expect(bytes.subarray(statement.dataAt).toString()).toBe(data);
  });

  it('keeps the SETTINGS of an insert between table and format', () => {
    expect(read('INSERT INTO t (a) SETTINGS b = 1 FORMAT CSV\n1')).toMatchObject({
      before: 'INSERT INTO t (a) ',
      after: 'SETTINGS b = 1 ',
    });
  });

  it.each(['', ' ; ', '-- nothing', 'SELECT 1; SELECT 2', 'DROP TABLE a; DROP TABLE b'])('is refused: %j', (text) => {
    expect(() => read(text)).toThrow(/SYNTAX_ERROR/);
  });
});
