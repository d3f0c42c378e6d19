import { strings } from '../strings.js';

interface ConsentBoxProps {
  /** The customer's name as far as it is typed. */
  readonly name: string;
  readonly isGiven: boolean;
  readonly onChange: (isGiven: boolean) => void;
  readonly hint?: string;
}

/** The text a customer agrees to, with the box that says so. */
export function ConsentBox({ name, isGiven, onChange, hint }: ConsentBoxProps) {
  const words = strings.consent;
  return (
    <fieldset className="consent">
      <legend>{words.title}</legend>
      <blockquote>{words.text}</blockquote>
      <label className="check">
        <input type="checkbox" checked={isGiven} onChange={({ target }) => onChange(target.checked)} />
        <span>{words.given(name.trim())}</span>
      </label>
      <p className="fine">
        {words.version(words.textVersion)}
        {hint !== undefined && <> · {hint}</>}
      </p>
    </fieldset>
  );
}
