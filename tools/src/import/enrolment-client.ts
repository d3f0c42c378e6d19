import { setTimeout as sleep } from 'node:timers/promises';
import { type EnrolmentPerson, ErrorBody, PersonEnrolment } from '@regulars/contracts';

/** The gateway asks to wait when it has enough in hand, and when recognition is away. */
const MOST_TRIES = 6;
const LONGEST_WAIT_S = 60;

/** What the gateway refused, by its code. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

export interface SendOptions {
  /** Stores nothing. */
  readonly trial?: string;
  readonly acceptKnown: boolean;
}

/** Sends people to a gateway. */
export class EnrolmentClient {
  constructor(
    private readonly address: string,
    private readonly token: string,
  ) {}

  /** @param photographs one to ten
   *  @throws Refused when the gateway refuses the person; Error when it is away for minutes */
  async enrol(
    person: EnrolmentPerson,
    photographs: readonly Uint8Array[],
    { trial, acceptKnown }: SendOptions,
  ): Promise<PersonEnrolment> {
    const query = new URLSearchParams({
      ...(trial === undefined ? {} : { trial }),
      ...(acceptKnown ? { acceptKnown: 'true' } : {}),
    });
    const form = () => {
      const data = new FormData();
      data.append('person', JSON.stringify(person));
      for (const bytes of photographs)
        data.append('photographs', new Blob([new Uint8Array(bytes)]), 'photograph');
      return data;
    };
    return PersonEnrolment.parse(await this.send('POST', `/v1/enrolments?${query.toString()}`, form));
  }

  /** Whether a customer is there: one that an earlier run made may have been erased since. */
  async isKnown(customerId: string): Promise<boolean> {
    return this.send('GET', `/v1/customers/${customerId}`).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refused && error.code === 'CUSTOMER_NOT_FOUND') return false;
        throw error;
      },
    );
  }

  private async send(method: string, path: string, body?: () => FormData): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      const response = await this.fetch(method, path, body);
      const answer: unknown = await response.json();
      // A person of whom no photograph was accepted is an answer, too.
      if (response.ok || PersonEnrolment.safeParse(answer).success) return answer;
      const { code, message, remedy, fields } = ErrorBody.parse(answer).error;
      const isBusy = response.status === 429 || response.status === 503;
      if (!isBusy || tries === MOST_TRIES)
        throw new Refused(code, `${message} ${remedy} ${JSON.stringify(fields)}`);
      const waitS = Number(response.headers.get('retry-after') ?? 1);
      await sleep(Math.min(waitS, LONGEST_WAIT_S) * 1_000);
    }
  }

  private async fetch(method: string, path: string, body?: () => FormData): Promise<Response> {
    try {
      return await fetch(this.address + path, {
        method,
        headers: { authorization: `Bearer ${this.token}` },
        body: body === undefined ? null : body(),
        signal: AbortSignal.timeout(120_000),
      });
    } catch (error) {
      throw new Error(`the gateway at ${this.address} does not answer; run this again to go on`, {
        cause: error,
      });
    }
  }
}
