import { type FormEvent, useState } from 'react';
import { createApi } from './api/client.js';
import { storeInAddress } from './session.js';
import { strings } from './strings.js';
import { ErrorNotice } from './ui/error-notice.js';
import { Field } from './ui/field.js';
import { Mark } from './ui/icons.js';
import { useWork } from './ui/use-work.js';

interface SignInProps {
  /** Why the page was signed out, if it was. */
  readonly notice: string | null;
  readonly onSignedIn: (token: string) => void;
}

export function SignIn({ notice, onSignedIn }: SignInProps) {
  const [token, setToken] = useState('');
  const { isBusy, error, run } = useWork();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      await isAccepted(token.trim());
      onSignedIn(token.trim());
    });
  };
  const isWrong = error?.isSignedOut === true;
  return (
    <main className="sign-in">
      <form className="card sign-in__card" onSubmit={(event) => void submit(event)}>
        <Mark size={44} />
        <h1>{strings.signIn.title}</h1>
        <p className="soft">{strings.signIn.lead}</p>
        {notice !== null && error === null && (
          <p className="notice" role="status">
            {notice}
          </p>
        )}
        {error !== null && (
          <ErrorNotice
            error={isWrong ? { message: strings.signIn.wrong, remedy: strings.signIn.wrongRemedy } : error}
          />
        )}
        <Field
          label={strings.signIn.token}
          name="token"
          type="password"
          autoFocus
          required
          spellCheck={false}
          value={token}
          aria-invalid={isWrong || undefined}
          onChange={(event) => setToken(event.target.value)}
        />
        <button
          type="submit"
          className="button button--accent button--wide"
          disabled={isBusy || token.trim() === ''}
        >
          {isBusy ? strings.signIn.checking : strings.signIn.submit}
        </button>
        <p className="fine">{strings.signIn.privacy}</p>
      </form>
    </main>
  );
}

/** Resolves when the gateway accepts the token.
 *  @throws ApiError */
async function isAccepted(token: string): Promise<void> {
  const api = createApi({
    token,
    storeId: storeInAddress(window.location.search),
    fetch: (path, init) => fetch(path, init),
    onSignedOut: () => undefined,
  });
  await api.cameras();
}
