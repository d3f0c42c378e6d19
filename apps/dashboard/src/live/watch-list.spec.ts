import { describe, expect, it } from 'vitest';
import { WatchList } from './watch-list.js';

function watching(): { list: WatchList; told: (readonly string[])[] } {
  const told: (readonly string[])[] = [];
  return { told, list: new WatchList((cameraIds) => told.push(cameraIds)) };
}

describe('the list of watched cameras', () => {
  it('is told only when it changed', () => {
    const { list, told } = watching();
    list.setInView('till', true);
    list.setInView('till', true);
    list.setInView('door', true);
    list.setInView('till', false);
    expect(told).toEqual([['till'], ['door', 'till'], ['door']]);
  });

  it('is empty while the page is hidden and comes back with it', () => {
    const { list, told } = watching();
    list.setInView('till', true);
    list.setPageShown(false);
    list.setInView('door', true);
    list.setPageShown(true);
    expect(told).toEqual([['till'], [], ['door', 'till']]);
  });

  it('is told anew to a server that forgot it', () => {
    const { list, told } = watching();
    list.setInView('till', true);
    list.repeat();
    expect(told).toEqual([['till'], ['till']]);
  });

  it('never holds more than the gateway takes', () => {
    const { list, told } = watching();
    for (let camera = 0; camera < 40; camera++) list.setInView(`camera-${camera}`, true);
    expect(told.at(-1)).toHaveLength(16);
  });
});
