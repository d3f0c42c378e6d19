import type { SatisfactionClass } from '@regulars/contracts';
import type { ReactNode } from 'react';

function Icon({ children, size = 20 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const LiveIcon = () => (
  <Icon>
    <rect x="3" y="6" width="12.5" height="12" rx="3" />
    <path d="m15.5 10.5 5.5-3v9l-5.5-3" />
  </Icon>
);

export const PeopleIcon = () => (
  <Icon>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.5 19.5c.6-3.4 3.2-5.3 6.5-5.3s5.9 1.9 6.5 5.3M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.7c1.9.8 3.1 2.5 3.5 4.8" />
  </Icon>
);

export const StrangersIcon = () => (
  <Icon>
    <circle cx="11" cy="8.5" r="3.5" strokeDasharray="2.5 2.5" />
    <path d="M4.5 19.5c.6-3.4 3.2-5.3 6.5-5.3 1.4 0 2.7.3 3.7 1M17 20.5v.1M15.6 16.6a1.6 1.6 0 1 1 2.3 1.5c-.6.3-.9.6-.9 1" />
  </Icon>
);

export const TodayIcon = () => (
  <Icon>
    <path d="M4.5 19.5v-6M9.5 19.5v-11M14.5 19.5v-8M19.5 19.5v-14" />
  </Icon>
);

export const ValueIcon = () => (
  <Icon>
    <path d="m12 3.8 2.5 5.1 5.6.8-4 4 .9 5.6-5-2.6-5 2.6.9-5.6-4-4 5.6-.8z" />
  </Icon>
);

export const ForecastIcon = () => (
  <Icon>
    <path d="m3.5 16.5 5.5-6 4 3.5 7-8M15 6h5v5" />
  </Icon>
);

export const SalesIcon = () => (
  <Icon>
    <path d="M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon size={18}>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);

export const CrossIcon = () => (
  <Icon size={18}>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);

export const TrashIcon = () => (
  <Icon size={18}>
    <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 10.5v5.5M14 10.5v5.5" />
  </Icon>
);

export const PauseIcon = () => (
  <Icon size={16}>
    <path d="M8.5 5.5v13M15.5 5.5v13" />
  </Icon>
);

export const PlayIcon = () => (
  <Icon size={16}>
    <path d="m8 5.5 10 6.5-10 6.5z" />
  </Icon>
);

export const CameraOffIcon = () => (
  <Icon size={28}>
    <path d="M3 6.5v8.5a3 3 0 0 0 3 3h8.5M9.5 6h3a3 3 0 0 1 3 3v1.5l5.5-3v9l-2.5-1.4M3.5 3.5l17 17" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon size={18}>
    <circle cx="11" cy="11" r="6" />
    <path d="m15.5 15.5 4.5 4.5" />
  </Icon>
);

export const BackIcon = () => (
  <Icon size={18}>
    <path d="M14.5 5.5 8 12l6.5 6.5" />
  </Icon>
);

const MOUTHS: Readonly<Record<SatisfactionClass, string>> = {
  satisfied: 'M8.2 14c1 1.5 2.3 2.2 3.8 2.2s2.8-.7 3.8-2.2',
  neutral: 'M8.5 15h7',
  dissatisfied: 'M8.2 16.4c1-1.5 2.3-2.2 3.8-2.2s2.8.7 3.8 2.2',
};

/** A face whose mouth tells the mood, so that colour never says it alone. */
export const MoodIcon = ({ mood }: { mood: SatisfactionClass }) => (
  <Icon size={17}>
    <circle cx="12" cy="12" r="9" />
    <path d="M9 9.5v.6M15 9.5v.6" />
    <path d={MOUTHS[mood]} />
  </Icon>
);

export const SmileIcon = () => <MoodIcon mood="satisfied" />;

/** The product's mark: somebody who comes round again. */
export const Mark = ({ size = 30 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="9" className="mark__ground" />
    <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
      <path d="M22.2 11.2A8 8 0 1 0 24 16" />
      <path d="M22.8 6.6v5h-5" />
    </g>
    <circle cx="16" cy="16" r="2.6" fill="#fff" />
  </svg>
);
