/** Sales as the stream of events tells them. */
export const saleEventStrings = {
  bought: (name: string, amount: string) => `${name} bought for ${amount}`,
  probablyBought: (name: string, amount: string) => `${name} probably bought for ${amount}`,
  gaveBack: (name: string, amount: string) => `${name} got ${amount} back`,
  voided: (amount: string) => `A sale of ${amount} was voided`,
  imported: {
    importing: (stored: number, sales: number) => `Sales are being imported: ${stored} of ${sales}`,
    done: (stored: number) => `${stored} sales were imported`,
    failed: (stored: number, sales: number) => `An import ended early: ${stored} of ${sales} sales`,
  },
};

/** What the page says of the import of sales and of tills' keys. */
export const salesStrings = {
  sales: {
    title: 'Sales',
    import: 'Import past sales',
    importHint:
      'A CSV file, plain or gzip, of at most 200 MB. It is checked wholly first: with one wrong row nothing is imported. The same file twice is not counted twice.',
    layouts: 'Which columns the file may have',
    ownLayout: 'Our own: customerId, occurredAt, amount and, if you like, currency and saleId.',
    uciLines: 'Lines of invoices as UCI’s Online Retail has them.',
    uciInvoices: 'One row an invoice.',
    file: 'Drop a CSV file here, or choose one',
    fileChosen: (name: string) => name,
    currency: 'Currency of the amounts',
    currencyHint: 'Needed only where the file has no column for it, such as EUR',
    currencyError: 'Enter a currency code such as EUR.',
    fileMissing: 'Choose a file first.',
    begin: 'Import',
    sending: 'Sending and checking the file…',
    state: {
      importing: (stored: string, sales: string) => `Storing: ${stored} of ${sales}`,
      done: (stored: string) => `Imported: ${stored} sales and refunds.`,
      failed: (stored: string, sales: string) =>
        `It ended early: ${stored} of ${sales} are stored. Send the file again; what is stored is not doubled.`,
    },
    summary: (rows: string, newCustomers: string, from: string, to: string) =>
      `${rows} rows from ${from} to ${to}; ${newCustomers} new customers.`,
    rowError: (row: number, column: string | null) =>
      column === null ? `Row ${row}` : `Row ${row}, column ${column}`,
    notImported: 'Nothing was imported.',
    joins: {
      title: 'Sales joined to visits',
      hint: 'Sales without a card belong to who stood at the till. Say so where that is wrong: it is kept, and their figures follow at once.',
      none: 'No sale was joined to a visit yet.',
      column: {
        time: 'Time',
        amount: 'Amount',
        customer: 'Customer',
        probability: 'Probability',
      },
      unsure: 'does not count',
      nobody: 'nobody',
      stranger: 'a stranger',
      named: 'named by the till',
      deny: 'Not this customer',
      denyHint: 'The sale leaves this customer’s figures, whatever is seen or told later',
      withdraw: 'Undo the correction',
      withdrawHint: 'The sale is joined by the evidence again',
      failed: 'That failed, try again',
      dialogTitle: (name: string) => `Not a sale of ${name}?`,
      dialogText:
        'The sale and what was given back of it leave this customer’s months, segment and forecast. You can undo that.',
      instead: 'Whose it is, if you know',
      unknown: 'I do not know',
      confirm: 'Not theirs',
    },
    keys: 'Tills’ keys',
    keysHint:
      'A till posts its sales with a key of its own. A key may post sales and refunds and nothing else, and can be revoked alone.',
    noKeys: 'No till has a key yet.',
    loadFailed: 'The keys could not be loaded.',
    keyName: 'Name of the till',
    keyNameHint: 'Such as till-1',
    keyNameError: 'Enter a name of at most 80 characters.',
    makeKey: 'Make a key',
    madeTitle: (name: string) => `Key of ${name}`,
    madeHint: 'It is shown this once. Put it into the till now; it cannot be shown again, only replaced.',
    copy: 'Copy',
    copied: 'Copied',
    curl: 'Try it: this posts a sale, and the live page shows it.',
    done: 'I have kept it',
    column: { name: 'Name', made: 'Made', state: 'State' },
    valid: 'valid',
    revokedOn: (day: string) => `revoked on ${day}`,
    revoke: 'Revoke',
    revokeOf: (name: string) => `Revoke the key of ${name}`,
    revokeTitle: (name: string) => `Revoke the key of ${name}?`,
    revokeText: 'The till’s sales are refused from then on. Sales that came before are kept.',
  },
};
