import {
  CustomerUpdated,
  EnrolPhotographs,
  type EnrolPhotographsReply,
  RegularsError,
  TransientError,
} from '@regulars/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../broker.js';
import { type OpenRig, recorded, type Rig } from './rig.js';

const QUEUE = 'recognition.enrolment';
const { customerId } = CustomerUpdated.example;
const request = { customerId, sizes: [2, 1] };

const caught = (work: Promise<unknown>) => work.catch((error: unknown) => error);

/** Questions with an answer. */
export function commandsConformance(name: string, open: OpenRig): void {
  describe(`${name} with commands`, () => {
    let rig: Rig;
    beforeEach(async () => {
      rig = await open(recorded().telemetry);
    });
    afterEach(() => rig.close());

    async function answerBy(handler: (delivery: Delivery) => EnrolPhotographsReply): Promise<void> {
      const other = await rig.join();
      await other.answer(QUEUE, async (delivery) => handler(delivery));
    }

    it('brings the question with its bytes, and the answer back', async () => {
      const body = new Uint8Array([7, 8, 9]);
      await answerBy((delivery) => ({
        customerId: (delivery.payload as { customerId: string }).customerId,
        templates: delivery.body?.[2] ?? 0,
        photographs: [],
      }));
      const reply = await rig.broker.ask(EnrolPhotographs, request, body);
      expect(reply).toEqual({ customerId, templates: 9, photographs: [] });
    });

    it('gives each asker its own answer', async () => {
      await answerBy((delivery) => ({ customerId, templates: delivery.body?.[0] ?? 0, photographs: [] }));
      const replies = await Promise.all(
        [1, 2, 3, 4, 5].map((number) => rig.broker.ask(EnrolPhotographs, request, new Uint8Array([number]))),
      );
      expect(replies.map(({ templates }) => templates)).toEqual([1, 2, 3, 4, 5]);
    });

    it('lets the asker see the error that was thrown, with its code and fields', async () => {
      await answerBy(() => {
        throw new RegularsError('FACE_TOO_SMALL', { index: 1, widthPx: 20 });
      });
      const error = await caught(rig.broker.ask(EnrolPhotographs, request));
      expect(error).toBeInstanceOf(RegularsError);
      expect(error).not.toBeInstanceOf(TransientError);
      expect(error).toMatchObject({ code: 'FACE_TOO_SMALL', fields: { index: 1, widthPx: 20 } });
    });

    it('keeps a transient error transient', async () => {
      await answerBy(() => {
        throw new TransientError('STORE_UNAVAILABLE');
      });
      const error = await caught(rig.broker.ask(EnrolPhotographs, request));
      expect(error).toBeInstanceOf(TransientError);
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    });

    it('tells nothing of an unforeseen error but that there was one', async () => {
      await answerBy(() => {
        throw new Error('the password is 1234');
      });
      const error = await caught(rig.broker.ask(EnrolPhotographs, request));
      expect(error).toMatchObject({ code: 'INTERNAL', fields: {} });
    });

    it('refuses an answer that is not as the command says', async () => {
      await answerBy(() => ({ customerId, templates: -1, photographs: [] }));
      const error = await caught(rig.broker.ask(EnrolPhotographs, request));
      expect(error).toMatchObject({ code: 'MESSAGE_INVALID', fields: { fields: ['templates too_small'] } });
    });

    it('does not send a question that is not as the command says', async () => {
      const error = await caught(rig.broker.ask(EnrolPhotographs, { customerId, sizes: [] }));
      expect(error).toMatchObject({ code: 'MESSAGE_INVALID', fields: { fields: ['sizes too_small'] } });
    });

    it('waits no longer than the command allows when nobody answers', async () => {
      const startedAt = performance.now();
      const error = await caught(rig.broker.ask({ ...EnrolPhotographs, timeoutMs: 150 }, request));
      expect(error).toBeInstanceOf(TransientError);
      expect(error).toMatchObject({ code: 'REPLY_TIMEOUT' });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    });

    it('does not answer a question whose asker has given up', async () => {
      const asked: unknown[] = [];
      await caught(rig.broker.ask({ ...EnrolPhotographs, timeoutMs: 100 }, request, new Uint8Array([1])));
      await answerBy((delivery) => {
        asked.push(delivery.body?.[0]);
        return { customerId, templates: 0, photographs: [] };
      });
      await rig.broker.ask(EnrolPhotographs, request, new Uint8Array([2]));
      expect(asked).toEqual([2]);
    });
  });
}
