import type { LivePicture, LiveVisitor } from '@regulars/contracts';
import { assertNever, pseudonymLabel } from '@regulars/contracts';
import type { CSSProperties } from 'react';
import { percentOf } from '../faces/crop.js';
import { nameOf } from '../live/sentences.js';
import type { PickFor } from '../shop/shop-frame.js';
import { useLabels } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { goTo } from '../ui/route.js';

/** Closer to the upper edge than this share of the picture (per cent) the name stands below the box. */
const EDGE_PERCENT = 9;

interface FaceBoxProps {
  readonly face: LivePicture['faces'][number];
  readonly frame: LivePicture;
  readonly pickFor: PickFor | null;
  /** Whether faces of this camera may be enrolled at all. */
  readonly canPick: boolean;
  readonly onPick: () => void;
}

/** A person's box over the picture: a regular's leads to their page, any other is there to be picked. */
export function FaceBox({ face, frame, pickFor, canPick, onPick }: FaceBoxProps) {
  const labels = useLabels();
  const { who } = face;
  const place = percentOf(face.boxPx, { width: frame.widthPx, height: frame.heightPx });
  const edge = place.top < EDGE_PERCENT ? ' face--at-top' : '';
  const common = {
    className: `face face--${who.kind}${edge}`,
    style: {
      left: `${place.left}%`,
      top: `${place.top}%`,
      width: `${place.width}%`,
      height: `${place.height}%`,
    } satisfies CSSProperties,
  };
  const tag = tagOf(who, who.kind === 'customer' ? nameOf(who, labels) : '');
  const label = tag === null ? null : <span className="face__tag">{tag}</span>;
  if (who.kind !== 'customer' && !canPick) return <span {...common}>{label}</span>;
  // Somebody recognised as another person is not offered as a photograph of this one.
  const isOther = who.kind === 'customer' && who.customerId !== pickFor?.customerId;
  const open = isOther ? () => goTo({ page: 'customers', customerId: who.customerId }) : onPick;
  return (
    <button
      type="button"
      {...common}
      aria-label={actionOf(who, tag ?? '', isOther ? null : pickFor)}
      onClick={open}
    >
      {label}
    </button>
  );
}

function tagOf(who: LiveVisitor, name: string): string | null {
  switch (who.kind) {
    case 'customer':
      return name;
    case 'stranger':
      return who.pseudonymId === undefined
        ? strings.people.guest
        : strings.people.stranger(pseudonymLabel(who.pseudonymId));
    case 'undecided':
      return null;
    default:
      return assertNever(who);
  }
}

function actionOf(who: LiveVisitor, name: string, pickFor: PickFor | null): string {
  if (pickFor !== null) return strings.faces.forCustomer(pickFor.displayName);
  switch (who.kind) {
    case 'customer':
      return strings.faces.identified(name);
    case 'stranger':
      return strings.faces.guest;
    case 'undecided':
      return strings.faces.undecided;
    default:
      return assertNever(who);
  }
}
