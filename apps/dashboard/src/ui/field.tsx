import { type InputHTMLAttributes, useId } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** Said beside the label, e.g. "optional". */
  readonly note?: string;
  /** Marks where the focus of a dialog begins. */
  readonly 'data-first'?: boolean;
}

/** A labelled text field; its error is announced and replaces the hint. */
export function Field({ label, hint, error, note, ...input }: FieldProps) {
  const id = useId();
  const helpId = `${id}-help`;
  const help = error ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {note !== undefined && <span className="field__note"> {note}</span>}
      </label>
      <input
        id={id}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={help === undefined ? undefined : helpId}
        autoComplete="off"
        {...input}
      />
      {help !== undefined && (
        <p
          id={helpId}
          className={error === undefined ? 'field__hint' : 'field__error'}
          role={error === undefined ? undefined : 'alert'}
        >
          {help}
        </p>
      )}
    </div>
  );
}
