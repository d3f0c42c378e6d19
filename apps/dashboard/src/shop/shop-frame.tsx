import { useState } from 'react';
import { CustomersPage } from '../customers/customers-page.js';
import { PickDialog } from '../faces/pick-dialog.js';
import type { FrozenFace } from '../faces/frozen-face.js';
import { LivePage } from '../live/live-page.js';
import { sinceText } from '../format.js';
import { strings } from '../strings.js';
import { StrangersPage } from '../strangers/strangers-page.js';
import { TodayPage } from '../today/today-page.js';
import { ErrorBoundary } from '../ui/error-boundary.js';
import {
  ForecastIcon,
  LiveIcon,
  Mark,
  PeopleIcon,
  SalesIcon,
  SmileIcon,
  StrangersIcon,
  TodayIcon,
  ValueIcon,
} from '../ui/icons.js';
import { goTo, hrefOf, type Route, useRoute } from '../ui/route.js';
import { useNow } from '../ui/use-now.js';
import { ValuePage } from '../value/value-page.js';
import { ForecastPage } from '../forecast/forecast-page.js';
import { SalesPage } from '../sales/sales-page.js';
import { SatisfactionPage } from '../satisfaction/satisfaction-page.js';
import { useLive } from './use-shop.js';

/** Whom the next chosen face is for; null when it may be anybody. */
export interface PickFor {
  readonly customerId: string;
  readonly displayName: string;
}

/** The signed-in page: head, navigation, the page chosen, and the dialog over a face that was picked. */
export function ShopFrame({ onSignOut }: { onSignOut: () => void }) {
  const route = useRoute();
  const [pickFor, setPickFor] = useState<PickFor | null>(null);
  const [frozen, setFrozen] = useState<FrozenFace | null>(null);
  const pickLive = (customer: PickFor) => {
    setPickFor(customer);
    goTo({ page: 'live' });
  };
  return (
    <>
      <a className="skip" href="#content" onClick={focusContent}>
        {strings.skip}
      </a>
      <header className="head">
        <a className="head__brand" href="#/live">
          <Mark />
          <span>{strings.product}</span>
        </a>
        <Navigation route={route} />
        <div className="head__end">
          <LinkState />
          <button type="button" className="button button--quiet" onClick={onSignOut}>
            {strings.signOut}
          </button>
        </div>
      </header>
      <LostNotice />
      <main id="content" className="content" tabIndex={-1}>
        <ErrorBoundary key={route.page}>
          {route.page === 'live' && (
            <LivePage pickFor={pickFor} onPicked={setFrozen} onStopPicking={() => setPickFor(null)} />
          )}
          {route.page === 'customers' && (
            <CustomersPage customerId={route.customerId} onPickLive={pickLive} />
          )}
          {route.page === 'strangers' && <StrangersPage pseudonymId={route.pseudonymId} />}
          {route.page === 'today' && <TodayPage />}
          {route.page === 'value' && <ValuePage segment={route.segment} />}
          {route.page === 'satisfaction' && <SatisfactionPage />}
          {route.page === 'forecast' && <ForecastPage />}
          {route.page === 'sales' && <SalesPage />}
        </ErrorBoundary>
      </main>
      {frozen !== null && (
        <ErrorBoundary>
          <PickDialog
            face={frozen}
            pickFor={pickFor}
            onClose={() => {
              setFrozen(null);
              setPickFor(null);
            }}
            onPickAgain={(customer) => {
              setFrozen(null);
              setPickFor(customer);
            }}
          />
        </ErrorBoundary>
      )}
    </>
  );
}

const PAGES = [
  { route: { page: 'live' }, label: strings.nav.live, Icon: LiveIcon },
  { route: { page: 'customers', customerId: null }, label: strings.nav.customers, Icon: PeopleIcon },
  { route: { page: 'strangers', pseudonymId: null }, label: strings.nav.strangers, Icon: StrangersIcon },
  { route: { page: 'today' }, label: strings.nav.today, Icon: TodayIcon },
  { route: { page: 'satisfaction' }, label: strings.nav.satisfaction, Icon: SmileIcon },
  { route: { page: 'value', segment: null }, label: strings.nav.value, Icon: ValueIcon },
  { route: { page: 'forecast' }, label: strings.nav.forecast, Icon: ForecastIcon },
  { route: { page: 'sales' }, label: strings.nav.sales, Icon: SalesIcon },
] as const;

function Navigation({ route }: { route: Route }) {
  return (
    <nav className="nav" aria-label={strings.nav.label}>
      {PAGES.map(({ route: target, label, Icon }) => (
        <a
          key={target.page}
          href={hrefOf(target)}
          className="nav__link"
          aria-current={route.page === target.page ? 'page' : undefined}
        >
          <Icon />
          <span>{label}</span>
        </a>
      ))}
    </nav>
  );
}

function LinkState() {
  const { link } = useLive();
  return (
    <span className={`link-state link-state--${link.state}`} role="status">
      <span className="link-state__dot" aria-hidden="true" />
      {strings.link[link.state]}
    </span>
  );
}

function LostNotice() {
  const { link } = useLive();
  const now = useNow();
  if (link.state !== 'lost' || link.since === null) return null;
  return <p className="lost">{strings.link.lostNotice(sinceText(link.since, now))}</p>;
}

/** The skip link must not change the fragment, which names the page. */
function focusContent(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
