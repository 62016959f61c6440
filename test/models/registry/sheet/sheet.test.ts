import { describe, expect, it } from 'vitest';
import { COLUMNS } from '#models/registry/sheet/columns.ts';
import { readSheet } from '#models/registry/sheet/read-sheet.ts';
import { sheetFields, writeSheet } from '#models/registry/sheet/write-sheet.ts';
import type { Camera } from '#models/schema/camera.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const csv = (text: string) => readSheet(bytes(text), 'csv');

/** 编号,名称,RTSP地址,重要性 / gate-1,北门,rtsp://10.0.0.1/1,高 in GBK, as a Chinese spreadsheet saves it. */
const GBK = Buffer.from(
  'b1e0bac52cc3fbb3c62c52545350b5d8d6b72cd6d8d2aad0d40d0a676174652d312cb1b1c3c52c727473703a2f2f31302e302e302e312f312cb8df0d0a',
  'hex',
);

const camera: Camera = {
  id: 'gate-1',
  name: '=北门, "rear"',
  source: { kind: 'rtsp', url: 'rtsp://10.0.0.1/1', transport: 'udp', user: 'admin', sealedPassword: 'sealed-secret' },
  area: 'g-1',
  position: { lon: 117.01, lat: 36.5 },
  placement: { heightM: 6, tiltDeg: -5 },
  device: { host: '10.0.0.1', port: 80, serial: '000123', channel: '-', scheme: 'onvif' },
  tags: ['gate', 'night'],
  importance: 'high',
  isEnabled: false,
  sampleFps: 5,
  isGated: true,
  fullLookIntervalS: 10,
  createdAtMs: 1,
  updatedAtMs: 2,
};

describe('a camera sheet', () => {
  it('is read with English headers, units, capitals, and numbers with a decimal comma', () => {
    const { rows, notices } = csv(
      'Name,URL,Height (m),Longitude,LAT,Tags\nGate,rtsp://a/b,"6,5",117.1,36.6,gate;night\n',
    );
    expect(rows).toEqual([
      {
        row: 2,
        faults: [],
        fields: {
          name: 'Gate',
          url: 'rtsp://a/b',
          placement: { heightM: 6.5 },
          position: { lon: 117.1, lat: 36.6 },
          tags: ['gate', 'night'],
        },
      },
    ]);
    expect(notices).toEqual([]);
  });

  it.each([
    ['GBK', GBK],
    ['UTF-8 with its mark', bytes('\ufeff编号,名称,RTSP地址,重要性\r\ngate-1,北门,rtsp://10.0.0.1/1,高\r\n')],
    ['semicolons', bytes('编号;名称;取流地址;重要程度\ngate-1;北门;rtsp://10.0.0.1/1;高\n')],
    ['tabs', bytes('编号\t名称\t地址\t优先级\ngate-1\t北门\trtsp://10.0.0.1/1\t重要\n')],
    ['UTF-16', Buffer.from('\ufeff编号,名称,RTSP地址,重要性\ngate-1,北门,rtsp://10.0.0.1/1,高\n', 'utf16le')],
  ])('is read with Chinese headers in %s', (_name, content) => {
    expect(readSheet(content, 'csv').rows).toEqual([
      { row: 2, faults: [], fields: { id: 'gate-1', name: '北门', url: 'rtsp://10.0.0.1/1', importance: 'high' } },
    ]);
  });

  it('counts rows as a spreadsheet does, blank ones and those with faults too', () => {
    const { rows } = csv('name,lat,enabled\na,1,yes\n\nb,north,yes\n,,\nc,3,maybe\nd,4,no,5\n');
    expect(rows.map(({ row, faults }) => [row, faults[0]?.field, faults[0]?.message])).toEqual([
      [2, undefined, undefined],
      [4, 'lat', '"north" is no number'],
      [6, 'enabled', '"maybe" is neither yes nor no (是, 否)'],
      [7, 'row', expect.stringContaining('the row has 4 cells, the header 3')],
    ]);
  });

  it('says nothing by an empty cell, and clears by a hyphen or by null', () => {
    expect(csv('id,area,lon,lat,height_m,tags\na,-,-,,-,\n').rows[0]?.fields).toEqual({
      id: 'a',
      area: null,
      position: null,
      placement: { heightM: null },
    });
    const yaml = readSheet(bytes('- id: a\n  area: null\n  model:\n'), 'yaml');
    expect(yaml.rows[0]?.fields).toEqual({ id: 'a', area: null });
  });

  it('takes a password as it stands and warns of it', () => {
    const { rows, notices } = csv('name,password\na,"-x"" 1 "\nb,\n');
    expect(rows.map(({ fields }) => fields.password)).toEqual(['-x" 1 ', undefined]);
    expect(notices).toEqual([expect.stringContaining('1 row carries its password as plain text')]);
    expect(notices.join()).not.toContain('-x');
  });

  it('passes over columns that it does not know, and says so', () => {
    const { rows, notices } = csv('name,remark,passwrod\na,b,secret\n');
    expect(rows[0]?.fields).toEqual({ name: 'a' });
    expect(notices).toEqual([
      'the column "remark" is not known and was passed over',
      'the column "passwrod" is not known and was passed over; did you mean "password"?',
    ]);
  });

  it('keeps what looks like a number as text where the field is text, in YAML too', () => {
    const yaml = 'cameras:\n  - name: 12\n    device:\n      host: 10.0.0.1\n      serial: 00123\n    tags: [a, b]\n';
    expect(readSheet(bytes(yaml), 'yaml').rows[0]?.fields).toEqual({
      name: '12',
      device: { host: '10.0.0.1', serial: '00123' },
      tags: ['a', 'b'],
    });
  });

  it.each([
    ['', 'csv', 'names no column'],
    ['name\n', 'csv', 'it holds no camera'],
    ['a,b\n1,2\n', 'csv', 'its first row names no column that is known, but "a, b"'],
    ['name,名称\n1,2\n', 'csv', 'the columns "name" and "名称" mean the same'],
    ['name,url\n"open,rtsp://a/b\n', 'csv', 'Quote'],
    ['PK\u0003\u0004\u0000\u0000', 'csv', 'neither UTF-8 nor GBK'],
    ['cameras: 5\n', 'yaml', 'it holds no list of cameras'],
    ['- a: [\n', 'yaml', 'the sheet cannot be read'],
    ['{', 'json', 'the sheet cannot be read'],
  ] as const)('refuses %j as a whole, in words', (text, format, words) => {
    expect(() => readSheet(bytes(text), format)).toThrow(
      expect.objectContaining({ code: 'sheet-unreadable', message: expect.stringContaining(words) }),
    );
  });

  it('is not made to grow by YAML that repeats itself', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`)
      .join('\n')}\ncameras: *i\n`;
    expect(() => readSheet(bytes(bomb), 'yaml')).toThrow(expect.objectContaining({ code: 'sheet-unreadable' }));
  });

  it.each(['csv', 'yaml', 'json'] as const)('written as %s reads as it was, without the password', (format) => {
    const text = writeSheet([sheetFields(camera)], format);
    expect(text).not.toContain('sealed');
    expect(readSheet(bytes(text), format).rows[0]).toEqual({
      row: format === 'csv' ? 2 : 1,
      faults: [],
      fields: sheetFields(camera),
    });
    expect(readSheet(bytes(writeSheet([sheetFields(camera)], 'csv', 'zh')), 'csv').rows[0]?.fields).toEqual(
      sheetFields(camera),
    );
  });

  it('never begins a cell with what a spreadsheet would run', () => {
    const text = writeSheet(
      [
        { id: 'a', name: '=cmd()' },
        { id: 'b', name: '@x' },
        { id: 'c', name: "'q" },
      ],
      'csv',
    );
    expect(text).toContain("'=cmd()");
    expect(readSheet(bytes(text), 'csv').rows.map(({ fields }) => fields.name)).toEqual(['=cmd()', '@x', "'q"]);
  });

  it('has columns whose headers say one thing each', () => {
    const headers = COLUMNS.flatMap(({ name, chinese, also }) =>
      [name, chinese, ...also].map((header) => header.toLowerCase()),
    );
    const own = new Set(headers);
    expect(COLUMNS.map(({ name }) => name).length).toBe(new Set(COLUMNS.map(({ name }) => name)).size);
    for (const { name, chinese, also } of COLUMNS) {
      const others = COLUMNS.filter((one) => one.name !== name).flatMap((one) => [one.name, one.chinese, ...one.also]);
      for (const header of [name, chinese, ...also]) expect(others).not.toContain(header);
    }
    expect(own.size).toBeGreaterThan(100);
  });
});
