import type { WebhookProvider } from '@regulars/contracts';
import type { Environment } from '@regulars/runtime';

export const WEBHOOK_SETTINGS = Symbol('WebhookSettings');

interface ProviderSettings {
  /** None: the provider's webhooks are not taken. */
  readonly secrets: readonly string[];
  /** Square's notification URL; empty for the others. */
  readonly url: string;
  /** What to set. */
  readonly variable: string;
}
export type WebhookSettings = Readonly<Record<WebhookProvider, ProviderSettings>>;

export function webhookSettingsOf(environment: Environment): WebhookSettings {
  const { squareWebhookUrl: url = '', squareWebhookSecrets = [] } = environment;
  const settings = (secrets: readonly string[] | undefined, variable: string): ProviderSettings => {
    return { secrets: secrets ?? [], url: '', variable };
  };
  return {
    square:
      url === ''
        ? { secrets: [], url, variable: 'SQUARE_WEBHOOK_URL' }
        : { secrets: squareWebhookSecrets, url, variable: 'SQUARE_WEBHOOK_SECRETS' },
    shopify: settings(environment.shopifyWebhookSecrets, 'SHOPIFY_WEBHOOK_SECRETS'),
    stripe: settings(environment.stripeWebhookSecrets, 'STRIPE_WEBHOOK_SECRETS'),
    standard: settings(environment.standardWebhookSecrets, 'STANDARD_WEBHOOK_SECRETS'),
  };
}
