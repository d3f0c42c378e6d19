import { type FormEvent, useState } from 'react';
import { calendarDay } from '../format.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { download } from '../ui/download.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Field } from '../ui/field.js';
import { useWork } from '../ui/use-work.js';
import { shareOf } from './share-of.js';

const MOST_CHURN = 100;
const MOST_HELD_OUT = 50;

/** Exports the customers at risk, less some that are held out at random. */
export function CampaignForm() {
  const { api } = useShop();
  const [churn, setChurn] = useState('50');
  const [heldOut, setHeldOut] = useState('10');
  const { isBusy, error, run } = useWork();
  const words = strings.value.page;
  const minChurn = shareOf(churn, MOST_CHURN);
  const holdOut = shareOf(heldOut, MOST_HELD_OUT);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (minChurn === null || holdOut === null) return;
    await run(async () => {
      download(await api.campaignCsv(minChurn, holdOut), `at-risk-${calendarDay(new Date())}.csv`);
    });
  };
  return (
    <form className="campaign" noValidate onSubmit={(event) => void save(event)}>
      <h3>{words.campaign}</h3>
      <p className="fine">{words.campaignHint}</p>
      <div className="campaign__fields">
        <Field
          label={words.minChurn}
          note={words.percent}
          inputMode="numeric"
          value={churn}
          error={minChurn === null ? words.percentError(MOST_CHURN) : undefined}
          onChange={({ target }) => setChurn(target.value)}
        />
        <Field
          label={words.holdOut}
          note={words.percent}
          inputMode="numeric"
          value={heldOut}
          error={holdOut === null ? words.percentError(MOST_HELD_OUT) : undefined}
          onChange={({ target }) => setHeldOut(target.value)}
        />
        <button type="submit" className="button" disabled={isBusy}>
          {words.download}
        </button>
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  );
}
