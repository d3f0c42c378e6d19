import { describe, expect, it } from 'vitest';
import { matchFaces } from './detection.js';
import { readLabelledFaces } from './labelled-faces.js';

describe('labelled faces', () => {
  it("reads dlib's boxes as their middles, without the ignored ones", () => {
    const text = `<images><image file='a.jpg'><box top='10' left='20' width='30' height='40'/>
      <box top='1' left='1' width='9' height='9' ignore='1'/></image><image file='b.jpg'/></images>`;
    expect([...readLabelledFaces('x.xml', text)]).toEqual([
      ['a.jpg', [{ x: 35, y: 30, widthPx: 30 }]],
      ['b.jpg', []],
    ]);
  });

  it('reads noses, and CSV with and without boxes', () => {
    const noses = readLabelledFaces('x.json', '{"images":{"a.jpg":{"noses":[[5,6]]},"b.jpg":{"noses":[]}}}');
    expect([...noses.values()]).toEqual([[{ x: 5, y: 6, widthPx: null }], []]);
    const csv = readLabelledFaces(
      'x.csv',
      'file,x,y,width,height\na.jpg,10,20,4,6\na.jpg,1,2,,\nb.jpg,,,,\n',
    );
    expect([...csv]).toEqual([
      [
        'a.jpg',
        [
          { x: 12, y: 23, widthPx: 4 },
          { x: 1, y: 2, widthPx: null },
        ],
      ],
      ['b.jpg', []],
    ]);
  });

  it.each([
    ['x.xml', '<images/>', 'names no picture'],
    ['x.xml', "<image file='a'><box top='1' left='q' width='2' height='2'/>", 'not a box'],
    ['x.json', '{"images":{"a.jpg":{}}}', 'noses'],
    ['x.csv', 'file,x,y\na.jpg,one,2\n', 'row 1 has a coordinate that is no number'],
    ['x.csv', 'picture,x,y\na.jpg,1,2\n', 'row 1 names no file'],
  ])('refuses a broken %s', (name, text, message) => {
    expect(() => readLabelledFaces(name, text)).toThrow(message);
  });
});

describe('matching of found faces', () => {
  const box = (x: number, y: number, width: number) => ({ x, y, width, height: width });

  it('takes each box for one face at most, the nearest first', () => {
    const [wide, narrow] = [box(0, 0, 100), box(40, 40, 20)];
    const [near, far] = [
      { x: 50, y: 50, widthPx: null },
      { x: 90, y: 90, widthPx: null },
    ];
    const { found, missed, extra } = matchFaces([wide, narrow], [far, near]);
    expect(found).toHaveLength(2);
    expect([missed, extra]).toEqual([[], []]);
    expect(matchFaces([narrow], [far, near])).toEqual({ found: [narrow], missed: [far], extra: [] });
  });

  it('tells boxes with nobody in them', () => {
    expect(matchFaces([box(0, 0, 10)], [{ x: 50, y: 5, widthPx: 9 }])).toMatchObject({
      found: [],
      extra: [box(0, 0, 10)],
    });
  });
});
