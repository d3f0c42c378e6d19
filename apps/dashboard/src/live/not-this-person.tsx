import { useState } from 'react';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';

interface Props {
  readonly sightingId: string;
  readonly customerId: string;
  readonly name: string;
}

/** Says that somebody was recognised wrongly. */
export function NotThisPerson({ sightingId, customerId, name }: Props) {
  const { api } = useShop();
  const [state, setState] = useState<'open' | 'asking' | 'done' | 'failed'>('open');
  const words = strings.identity;
  const deny = async () => {
    setState('asking');
    setState(
      await api.notThisPerson(sightingId, customerId).then(
        () => 'done' as const,
        () => 'failed' as const,
      ),
    );
  };
  if (state === 'done') return <span className="soft"> {words.notThisPersonDone}</span>;
  return (
    <button
      type="button"
      className="chip"
      title={state === 'failed' ? words.notThisPersonFailed : words.notThisPersonHint}
      disabled={state === 'asking'}
      onClick={() => void deny()}
    >
      {state === 'failed' ? words.notThisPersonFailed : words.notThisPerson(name)}
    </button>
  );
}
