import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Resource } from './resource.js';

const told = <Value>(value: Value): Promise<Value> => Promise.resolve(value);

describe('a list that is loaded from the gateway', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is loaded once more, not once each, for requests that come in a burst', async () => {
    let loads = 0;
    const resource = new Resource(() => told(++loads));
    resource.open();
    for (let request = 0; request < 50; request++) resource.request();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(resource.snapshot()).toEqual({ value: 2, error: null });
  });

  it('is loaded again and again under requests that never stop', async () => {
    let loads = 0;
    const resource = new Resource(() => told(++loads));
    resource.open();
    const busy = setInterval(resource.request, 100);
    await vi.advanceTimersByTimeAsync(10_000);
    clearInterval(busy);
    expect(loads).toBeGreaterThan(5);
    expect(loads).toBeLessThan(20);
  });

  it('keeps the older value when a load fails and mends itself', async () => {
    const answers = [told('first'), Promise.reject(new Error('away')), told('second')];
    for (const answer of answers) answer.catch(() => undefined);
    const resource = new Resource(() => answers.shift() ?? told('more'));
    resource.open();
    await vi.advanceTimersByTimeAsync(1_000);
    resource.request();
    await vi.advanceTimersByTimeAsync(0);
    expect(resource.snapshot()).toMatchObject({ value: 'first', error: { code: 'PAGE' } });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(resource.snapshot()).toEqual({ value: 'second', error: null });
  });

  it('is loaded at once when somebody asks after a failure', async () => {
    const answers = [Promise.reject(new Error('away')), told('back')];
    for (const answer of answers) answer.catch(() => undefined);
    const resource = new Resource<string>(() => answers.shift() ?? told('more'));
    resource.open();
    await vi.advanceTimersByTimeAsync(0);
    resource.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(resource.snapshot()).toEqual({ value: 'back', error: null });
  });

  it('says nothing after it was closed', async () => {
    const resource = new Resource(() => told('late'));
    resource.open();
    resource.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(resource.snapshot()).toEqual({ value: null, error: null });
  });
});
