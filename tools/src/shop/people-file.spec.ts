import { describe, expect, it } from 'vitest';
import { parsePeople } from './people-file.js';

const FILES = ['again.mkv', 'bird.mkv', 'notes.txt'];

describe('a list of who is in which clip', () => {
  it('names files with or without their ending, in any order of columns', () => {
    expect(parsePeople('person,clip\r\nP1,again\r\nP2, bird.mkv \r\n', '/clips', FILES)).toEqual([
      { clip: 'again', person: 'P1', path: '/clips/again.mkv' },
      { clip: 'bird.mkv', person: 'P2', path: '/clips/bird.mkv' },
    ]);
  });

  it.each([
    ['clip;person\nagain;P1', 'line 1: expected the columns clip and person'],
    ['clip,person\nagain,P1\nfish,P2', 'line 3: there is no clip /clips/fish'],
    ['clip,person\nagain,', 'line 2: expected a clip and a person'],
    ['clip,person\nagain,P1\nagain.mkv,P2', 'line 3: again.mkv stands here twice'],
  ])('refuses %j', (text, reason) => {
    expect(() => parsePeople(text, '/clips', FILES)).toThrow(reason);
  });
});
