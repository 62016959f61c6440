import { describe, expect, it } from 'vitest';
import { percentEncoded } from '#demo/onvif/scopes.ts';
import { readAnswer } from '#ingest/discovery/envelope.ts';
import { percentDecoded, readFacts } from '#ingest/discovery/facts.ts';

const read = (text: string) => readAnswer(Buffer.from(text));

describe('reading answers', () => {
  it('reads several matches of one answer, with any prefixes and without', () => {
    const text = `<Envelope><Header><RelatesTo>uuid:7</RelatesTo></Header><Body><ProbeMatches>
      <ProbeMatch><x:EndpointReference><x:Address>urn:uuid:AB-1</x:Address></x:EndpointReference><XAddrs>http://a/ http://b/</XAddrs></ProbeMatch>
      <ProbeMatch><EndpointReference><Address>uuid:AB-2</Address></EndpointReference></ProbeMatch></ProbeMatches></Body></Envelope>`;
    expect(read(text)).toMatchObject([
      { kind: 'match', endpoint: 'ab-1', xaddrs: ['http://a/', 'http://b/'], relatesTo: '7', scopes: [] },
      { kind: 'match', endpoint: 'ab-2', xaddrs: [] },
    ]);
  });

  it('keeps what stood before the XML broke', () => {
    const text =
      '<a:B><ProbeMatch><Scopes>onvif://www.onvif.org/name/x & y</Scopes><XAddrs>http://a/</XAddrs></wrong><Types>';
    expect(read(text)).toMatchObject([{ kind: 'match', xaddrs: ['http://a/'] }]);
  });

  it('takes the address of a ReplyTo for no endpoint', () => {
    const text =
      '<E><H><ReplyTo><Address>anonymous</Address></ReplyTo></H><Hello><ReplyTo><Address>no</Address></ReplyTo></Hello></E>';
    expect(read(text)).toMatchObject([{ kind: 'hello', endpoint: undefined }]);
  });

  it('expands no entity that the answer declares, and is quick with deep ones', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "boom">]><ProbeMatch><XAddrs>&a;</XAddrs></ProbeMatch>';
    expect(JSON.stringify(read(bomb))).not.toContain('boom');
    expect(read('<a>'.repeat(10_000))).toEqual([]);
    expect(readAnswer(Buffer.alloc(40_000, '<ProbeMatch>'))).toEqual([]);
  });

  it('reads GBK where the answer is GBK, declared or not', () => {
    const gbk = Buffer.from(percentEncoded('路口', 'gbk').replaceAll('%', ''), 'hex');
    const scopes = Buffer.concat([
      Buffer.from('<ProbeMatch><Scopes>onvif://www.onvif.org/name/'),
      gbk,
      Buffer.from('</Scopes></ProbeMatch>'),
    ]);
    expect(readFacts(readAnswer(scopes)[0]!).name).toBe('路口');
    const declared = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="GB2312"?>'), scopes]);
    expect(readFacts(readAnswer(declared)[0]!).name).toBe('路口');
  });
});

describe('reading scopes', () => {
  const facts = (...scopes: string[]) =>
    readFacts({ types: [], scopes: scopes.map((scope) => `onvif://www.onvif.org/${scope}`) });

  it('decodes percent signs as UTF-8, else as GBK, and leaves what is broken', () => {
    expect(percentDecoded('%E6%9E%AA')).toBe('枪');
    expect(percentDecoded(percentEncoded('枪机', 'gbk'))).toBe('枪机');
    expect(percentDecoded('50%25 枪 100%')).toBe('50% 枪 100%');
  });

  it('takes the make from where it stands, or from a name that ends in the model', () => {
    expect(facts('name/HALMAR%20HM-20', 'hardware/HM-20')).toMatchObject({ manufacturer: 'HALMAR', model: 'HM-20' });
    expect(facts('manufacturer/Ostvik', 'name/gate', 'hardware/O2')).toMatchObject({
      manufacturer: 'Ostvik',
      name: 'gate',
    });
    expect(facts('name/gate', 'hardware/O2').manufacturer).toBeUndefined();
  });

  it('says what a device is, however that is spelt', () => {
    expect(facts('type/Network_Video_Transmitter', 'type/ptz', 'Profile/Streaming')).toMatchObject({
      kinds: ['camera', 'ptz'],
      profiles: ['Streaming'],
    });
    expect(facts('type/NVR', 'type/Network_Video_Transmitter').kinds).toEqual(['recorder']);
    expect(readFacts({ types: ['http://www.onvif.org/ver10/device/wsdl Device'], scopes: [] })).toMatchObject({
      isOnvif: true,
      kinds: [],
    });
    expect(readFacts({ types: ['http://schemas.xmlsoap.org/ws/2006/02/devprof Device'], scopes: [] })).toMatchObject({
      isOnvif: false,
      kinds: ['other'],
    });
  });

  it('finds MAC and serial number', () => {
    expect(facts('MAC/28:57:BE:01:02:03', 'serial/0012')).toMatchObject({ mac: '28:57:be:01:02:03', serial: '0012' });
    expect(facts('MAC/nonsense').mac).toBeUndefined();
  });
});
