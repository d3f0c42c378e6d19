import type { SatisfactionClass } from '@regulars/contracts';
import { strings } from '../strings.js';
import { MoodIcon } from './icons.js';

/** A mood as a word with a small face. */
export function Mood({ mood }: { mood: SatisfactionClass | null }) {
  if (mood === null) return <span className="mood mood--none">{strings.noMood}</span>;
  return (
    <span className={`mood mood--${mood}`}>
      <MoodIcon mood={mood} />
      {strings.mood[mood]}
    </span>
  );
}
