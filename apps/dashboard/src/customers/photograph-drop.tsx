import { type DragEvent, useRef, useState } from 'react';
import { strings } from '../strings.js';

interface PhotographDropProps {
  readonly isBusy: boolean;
  readonly onChosen: (files: readonly File[]) => void;
}

/** Takes photographs: dropped, chosen as files or, on a phone, taken with its camera. */
export function PhotographDrop({ isBusy, onChosen }: PhotographDropProps) {
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const words = strings.photographs;
  const take = (input: HTMLInputElement) => {
    onChosen([...(input.files ?? [])]);
    // The same file can be chosen again.
    input.value = '';
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!isBusy) onChosen([...event.dataTransfer.files]);
  };
  return (
    <div
      className="drop"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <button type="button" className="drop__button" disabled={isBusy} onClick={() => files.current?.click()}>
        <strong>{words.drop}</strong>
        <span>{words.hint}</span>
      </button>
      <button
        type="button"
        className="button drop__camera"
        disabled={isBusy}
        onClick={() => camera.current?.click()}
      >
        {words.camera}
      </button>
      <input
        ref={files}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={words.drop}
        data-testid="photographs"
        onChange={({ target }) => take(target)}
      />
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label={words.camera}
        onChange={({ target }) => take(target)}
      />
    </div>
  );
}
