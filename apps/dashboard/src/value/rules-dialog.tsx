import type { LoyaltyRules } from '@regulars/contracts';
import { type FormEvent, useState } from 'react';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { Dialog } from '../ui/dialog.js';
import { DialogActions } from '../ui/dialog-actions.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { Field } from '../ui/field.js';
import { TrashIcon } from '../ui/icons.js';
import { useWork } from '../ui/use-work.js';
import { formOf, NEW_RULE, type RuleField, type RuleForm, rulesOf, wrongFields } from './rule-form.js';

/** The contracts allow no more. */
const RULES_AT_MOST = 20;

interface RulesDialogProps {
  readonly rules: LoyaltyRules;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

/** The loyalty rules, to be changed together. */
export function RulesDialog({ rules, onClose, onSaved }: RulesDialogProps) {
  const { api } = useShop();
  const [forms, setForms] = useState<readonly RuleForm[]>(() =>
    rules.rules.length === 0 ? [NEW_RULE] : rules.rules.map(formOf),
  );
  const [isChecked, setChecked] = useState(false);
  const { isBusy, error, run } = useWork();
  const say = strings.value.loyalty;
  const change = (at: number, form: RuleForm) => {
    setForms(forms.map((each, index) => (index === at ? form : each)));
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (forms.some((form) => wrongFields(form).length > 0)) return;
    await run(async () => {
      await api.setLoyaltyRules({ rules: rulesOf(forms) });
      onSaved();
    });
  };
  return (
    <Dialog title={say.dialog} onClose={onClose}>
      <form noValidate onSubmit={(event) => void save(event)}>
        {forms.map((form, index) => (
          <RuleFields
            key={form.ruleId === '' ? `new ${index}` : form.ruleId}
            form={form}
            wrong={isChecked ? wrongFields(form) : []}
            onChange={(changed) => change(index, changed)}
            onRemove={() => setForms(forms.filter((_, other) => other !== index))}
          />
        ))}
        <button
          type="button"
          className="button"
          disabled={forms.length >= RULES_AT_MOST}
          onClick={() => setForms([...forms, NEW_RULE])}
        >
          {say.add}
        </button>
        {error !== null && <ErrorNotice error={error} />}
        <DialogActions confirm={say.save} isBusy={isBusy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

interface RuleFieldsProps {
  readonly form: RuleForm;
  readonly wrong: readonly RuleField[];
  readonly onChange: (form: RuleForm) => void;
  readonly onRemove: () => void;
}

const FIELDS: readonly RuleField[] = ['name', 'period', 'visits', 'spend', 'currency'];

function RuleFields({ form, wrong, onChange, onRemove }: RuleFieldsProps) {
  const say = strings.value.loyalty;
  return (
    <fieldset className="rule">
      <legend className="unseen">{form.name}</legend>
      {FIELDS.map((field) => (
        <Field
          key={field}
          label={say[field]}
          value={form[field]}
          error={wrong.includes(field) ? say.errors[field] : undefined}
          onChange={({ target }) => onChange({ ...form, [field]: target.value })}
        />
      ))}
      <button
        type="button"
        className="icon-button rule__remove"
        aria-label={say.remove(form.name)}
        title={say.remove(form.name)}
        onClick={onRemove}
      >
        <TrashIcon />
      </button>
    </fieldset>
  );
}
