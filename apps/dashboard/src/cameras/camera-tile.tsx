import type { BoxPx, CameraView, LivePicture } from '@regulars/contracts';
import { type CSSProperties, useRef } from 'react';
import { cropAround, isTooSmall, scaleBox } from '../faces/crop.js';
import type { FrozenFace } from '../faces/frozen-face.js';
import { cropToJpeg } from '../faces/picture-blob.js';
import type { CameraHealth } from '../live/live-state.js';
import type { PickFor } from '../shop/shop-frame.js';
import { useLive } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { TrashIcon } from '../ui/icons.js';
import { CameraBadge } from './camera-badge.js';
import { CameraTrouble } from './camera-trouble.js';
import { FaceBox } from './face-box.js';
import { useLivePicture } from './use-live-picture.js';
import { useWatched } from './use-watched.js';

interface CameraTileProps {
  readonly camera: CameraView;
  readonly pickFor: PickFor | null;
  readonly onPicked: (face: FrozenFace) => void;
  readonly onRemove: () => void;
}

/** One camera: its live picture with the people in it, or why there is none. */
export function CameraTile({ camera, pickFor, onPicked, onRemove }: CameraTileProps) {
  const tile = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { cameras, link } = useLive();
  const health: CameraHealth = cameras[camera.cameraId] ?? camera.status;
  const picture = useLivePicture(camera.cameraId, canvas);
  const isCurrent = health.state === 'live' && link.state !== 'lost';
  useWatched(camera.cameraId, tile);

  const freeze = async (chosen: BoxPx) => {
    if (canvas.current === null || picture === null) return;
    onPicked(await freezeFace(canvas.current, picture, chosen));
  };
  const ratio = picture === null ? undefined : picture.widthPx / picture.heightPx;
  return (
    <article ref={tile} className={isCurrent ? 'tile' : 'tile tile--old'} aria-label={camera.name}>
      <div
        className="tile__stage"
        style={ratio === undefined ? undefined : ({ '--ratio': ratio } as CSSProperties)}
      >
        <div className="tile__picture">
          <canvas
            ref={canvas}
            role="img"
            aria-label={strings.cameras.pictureOf(camera.name)}
            hidden={picture === null}
          />
          {isCurrent &&
            picture?.faces.map((face) => (
              <FaceBox
                key={face.sightingId}
                face={face}
                frame={picture}
                pickFor={pickFor}
                canPick={camera.mode === 'members' || camera.mode === 'returning'}
                onPick={() => void freeze(face.boxPx)}
              />
            ))}
        </div>
        {picture === null && (health.state === 'live' || health.state === 'connecting') && (
          <p className="tile__waiting">{strings.cameras.waiting}</p>
        )}
        <CameraTrouble health={health} />
        {camera.mode === 'count' && <span className="tile__mode">{strings.cameras.countOnly}</span>}
      </div>
      <footer className="tile__foot">
        <h2>{camera.name}</h2>
        <button
          type="button"
          className="icon-button tile__remove"
          aria-label={strings.cameras.remove(camera.name)}
          onClick={onRemove}
        >
          <TrashIcon />
        </button>
        <CameraBadge health={health} isLinkLost={link.state === 'lost'} />
      </footer>
    </article>
  );
}

/** Cuts the chosen face out of the picture that the canvas shows at this moment. */
async function freezeFace(
  canvas: HTMLCanvasElement,
  picture: LivePicture,
  chosen: BoxPx,
): Promise<FrozenFace> {
  const scale = canvas.width / picture.widthPx;
  const face = scaleBox(chosen, scale);
  const others = picture.faces
    .filter(({ boxPx }) => boxPx !== chosen)
    .map(({ boxPx }) => scaleBox(boxPx, scale));
  return {
    cameraId: picture.cameraId,
    capturedAt: picture.capturedAt,
    jpeg: await cropToJpeg(canvas, cropAround(face, others, canvas)),
    isSmall: isTooSmall(face),
  };
}
