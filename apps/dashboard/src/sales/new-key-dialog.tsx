import type { IssuedTokenView } from '@regulars/contracts';
import { useState } from 'react';
import { strings } from '../strings.js';
import { Dialog } from '../ui/dialog.js';
import { curlOf } from './curl.js';

interface NewKeyDialogProps {
  readonly made: IssuedTokenView;
  readonly onClose: () => void;
}

/** A new key, this once, and a line to try it with. */
export function NewKeyDialog({ made, onClose }: NewKeyDialogProps) {
  const [isCopied, setCopied] = useState(false);
  const words = strings.sales;
  const copy = () => {
    // Where the browser refuses, the key can be marked and copied by hand.
    navigator.clipboard.writeText(made.token).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <Dialog title={words.madeTitle(made.name)} onClose={onClose}>
      <p className="soft">{words.madeHint}</p>
      <p className="key">
        <code>{made.token}</code>
        {'clipboard' in navigator && (
          <button type="button" className="chip" onClick={copy}>
            {isCopied ? words.copied : words.copy}
          </button>
        )}
      </p>
      <p className="soft">{words.curl}</p>
      <pre className="key" tabIndex={0}>
        {curlOf(window.location.origin, made.token, new Date())}
      </pre>
      <div className="actions">
        <button type="button" className="button button--accent" onClick={onClose}>
          {words.done}
        </button>
      </div>
    </Dialog>
  );
}
