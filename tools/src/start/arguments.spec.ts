import { describe, expect, it } from 'vitest';
import { HELP, parseStartArguments, type StartArguments } from './arguments.js';

const DEFAULTS: StartArguments = {
  cameras: [],
  photographs: [],
  name: 'Demo regular',
  untilRecognised: false,
  port: undefined,
  dataDir: undefined,
  record: undefined,
  services: false,
  help: false,
};

describe('the arguments of npm start', () => {
  it.each<[string[], Partial<StartArguments>]>([
    [[], {}],
    [['--camera', 'rtsp://192.0.2.10/1', '--camera=0'], { cameras: ['rtsp://192.0.2.10/1', '0'] }],
    [['--enrol', 'a.jpg', '--enrol', 'b.jpg'], { photographs: ['a.jpg', 'b.jpg'] }],
    [['--name', 'Anna'], { name: 'Anna' }],
    [['--until', 'recognised'], { untilRecognised: true }],
    [['--port', '9000'], { port: '9000' }],
    [['--data', '/tmp/x'], { dataDir: '/tmp/x' }],
    [['--record', 'day.tape'], { record: 'day.tape' }],
    [['--services'], { services: true }],
    [['--help'], { help: true }],
  ])('%j change what they name and nothing else', (args, change) => {
    expect(parseStartArguments(args)).toEqual({ ...DEFAULTS, ...change });
  });

  it.each([
    [['--cameras', '0'], '--cameras'],
    [['film.mp4'], 'film.mp4'],
    [['--camera'], '--camera'],
    [['--until', 'tomorrow'], 'tomorrow'],
    [['--services=yes'], '--services'],
  ])('%j are refused, naming what is wrong', (args, named) => {
    expect(() => parseStartArguments(args)).toThrow(TypeError);
    expect(() => parseStartArguments(args)).toThrow(named);
  });

  it('are all explained', () => {
    const explained = [...HELP.matchAll(/^ {2}--([a-z]+)/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual(
      ['camera', 'data', 'enrol', 'help', 'name', 'port', 'record', 'services', 'until'].sort(),
    );
  });
});
