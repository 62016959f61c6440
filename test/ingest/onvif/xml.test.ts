import { describe, expect, it } from 'vitest';
import { readEnvelope, SoapFault, writeEnvelope } from '#ingest/onvif/soap.ts';
import { decodeXml, find, numberAt, parseXml, textAt, XmlError } from '#ingest/onvif/xml.ts';
import { envelope, fault } from './hostile-device.ts';

describe('XML', () => {
  it('is read by local names, whatever the prefixes are and whether they are declared', () => {
    const root = parseXml('<?xml version="1.0"?>\n<a:One x:token="7"><b:Two> 1&amp;2 <![CDATA[<3>]]></b:Two></a:One>');
    expect(root).toMatchObject({ name: 'One', attributes: { token: '7' } });
    expect(textAt(root, 'Two')).toBe('1&2 <3>');
  });

  it('keeps texts that look like numbers as they are, and takes numbers only from what is one', () => {
    const root = parseXml('<r><Serial>0012</Serial><N> 25.0 </N><E/><W>wide</W></r>');
    expect(textAt(root, 'Serial')).toBe('0012');
    expect([numberAt(root, 'N'), numberAt(root, 'E'), numberAt(root, 'W'), numberAt(root, 'X')]).toEqual([
      25,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('with names of the language’s own objects harms nothing', () => {
    const root = parseXml('<r __proto__="x" constructor="y"><__proto__><polluted>1</polluted></__proto__></r>');
    expect(root.attributes.constructor).toBe('y');
    expect(find(root, '__proto__', 'polluted')?.text).toBe('1');
    expect((Object.prototype as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('in GBK is read as such where it says so, and where it only pretends to be UTF-8', () => {
    const gbk = Buffer.from([0xd3, 0xdc, 0xc7, 0xc5]);
    const named = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="gb2312"?><a>'), gbk, Buffer.from('</a>')]);
    const lying = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="UTF-8"?><a>'), gbk, Buffer.from('</a>')]);
    for (const bytes of [named, lying]) expect(parseXml(decodeXml(bytes)).text).toBe('榆桥');
    expect(decodeXml(Buffer.from('<a>é</a>', 'latin1'), 'text/xml; charset=iso-8859-1')).toBe('<a>é</a>');
  });

  it('that was damaged anywhere is read or refused, and nothing else happens', () => {
    const answer = '<R a="b">x &amp; y<C>&#x41;</C><!-- c --><![CDATA[d]]></R>';
    const wholes = [answer, fault('NotAuthorized', 'x &amp; y')].map(envelope);
    // A linear congruential generator: the same damage every time.
    let seed = 20_261_126;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const bits = ['<', '>', '&', '"', '</', '<!', '<?', ']]>', '\u0000', '\ufffd', '<!DOCTYPE a>', '&#xFFFFFFFF;', ''];
    const outcomes = new Set<string>();
    for (let turn = 0; turn < 2000; turn += 1) {
      let text = wholes[turn % 2]!;
      for (let hits = 0; hits <= random(3); hits += 1) {
        const at = random(text.length);
        text = text.slice(0, at) + bits[random(bits.length)] + text.slice(at + random(12));
      }
      try {
        readEnvelope(text, 200);
        outcomes.add('read');
      } catch (error) {
        if (!(error instanceof XmlError || error instanceof SoapFault)) throw error;
        outcomes.add(error.name);
      }
    }
    expect([...outcomes].toSorted()).toEqual(['SoapFault', 'XmlError', 'read']);
  });
});

describe('SOAP', () => {
  it('faults of both versions give their codes from the general to the particular', () => {
    const old =
      '<e:Envelope><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>no</faultstring></e:Fault></e:Body></e:Envelope>';
    const codesOf = (text: string) => {
      try {
        readEnvelope(text, 500);
        return [];
      } catch (error) {
        return [(error as SoapFault).message, ...(error as SoapFault).codes];
      }
    };
    expect(codesOf(envelope(fault('NotAuthorized', 'Sender')))).toEqual(['Sender', 'Sender', 'NotAuthorized']);
    expect(codesOf(old)).toEqual(['no', 'Client']);
    expect(codesOf('<html/>')[0]).toContain('no SOAP envelope');
  });

  it('requests have their texts escaped', () => {
    const text = writeEnvelope({ namespace: 'n', action: 'A', body: '<B>1</B>', header: '', version: '1.2' });
    expect(find(parseXml(text), 'Body', 'A', 'B')?.text).toBe('1');
  });
});
