/** A command that posts one sale as a till would. */
export function curlOf(origin: string, token: string, now: Date): string {
  const sale = {
    saleId: `try-${now.getTime()}`,
    tillId: 'till-1',
    customerExternalId: '1001',
    occurredAt: now.toISOString(),
    amountMinor: 1990,
    currency: 'EUR',
  };
  return [
    `curl ${origin}/v1/sales \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H 'Idempotency-Key: ${sale.saleId}' \\`,
    `  -d '${JSON.stringify(sale)}'`,
  ].join('\n');
}
