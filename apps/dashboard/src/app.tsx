import { useEffect, useState } from 'react';
import { createShop, type Shop } from './shop/shop.js';
import { ShopContext } from './shop/use-shop.js';
import { ShopFrame } from './shop/shop-frame.js';
import { forgetToken, keepToken, storeInAddress } from './session.js';
import { SignIn } from './sign-in.js';
import { strings } from './strings.js';

/** Signed out: the form. Signed in: the shop, as long as the gateway accepts the token. */
export function App({ initialToken }: { initialToken: string | null }) {
  const [token, setToken] = useState(initialToken);
  const [notice, setNotice] = useState<string | null>(null);

  const signOut = (reason: string | null) => {
    forgetToken(window.sessionStorage);
    setNotice(reason);
    setToken(null);
  };
  if (token === null) {
    return (
      <SignIn
        notice={notice}
        onSignedIn={(accepted) => {
          keepToken(window.sessionStorage, accepted);
          setToken(accepted);
        }}
      />
    );
  }
  return (
    <SignedIn
      key={token}
      token={token}
      onRefused={() => signOut(strings.signIn.expired)}
      onSignOut={() => signOut(null)}
    />
  );
}

interface SignedInProps {
  readonly token: string;
  readonly onRefused: () => void;
  readonly onSignOut: () => void;
}

function SignedIn({ token, onRefused, onSignOut }: SignedInProps) {
  const [shop] = useState<Shop>(() => createShop(token, storeInAddress(window.location.search), onRefused));
  useEffect(() => shop.open(), [shop]);
  return (
    <ShopContext value={shop}>
      <ShopFrame onSignOut={onSignOut} />
    </ShopContext>
  );
}
