import type { BoxPx } from '@regulars/contracts';
import type { LumaImage } from '../image/luma.js';
import type { SquarePx } from '../image/resize.js';
import { isNews } from './news.js';
import { coversFace, tileAround, tileGrid, wholeFrame } from './tiles.js';

/** How much is looked at in one frame. Looking at everything costs 55-75 ms a frame at 720p. */
export interface AttentionRule {
  /** Tiles a frame at most, unless tracked faces need more. */
  readonly budget: number;
  /** A tile of the grid that shows anything else than when it was last looked at is looked at within so many frames,
   *  whatever happens. */
  readonly sweepFrames: number;
  /** One that shows the same all the time, and no face, is looked at once in so many frames, or a sweep later. */
  readonly restFrames: number;
  /** The whole picture in one tile is looked at once in so many frames; not while it shows the same as when it was last
   *  looked at. */
  readonly wholeFrames: number;
  /** What moves is looked at in a square of its own once in so many frames, and when it begins to. */
  readonly squareFrames: number;
  /** A tile in which something moves is looked at once in so many frames while there are faces in it, and when
   *  there were none the last times. */
  readonly motionFrames: { readonly faces: number; readonly none: number };
  /** After so many frames of stillness a tile in which something begins to move is looked at in that very frame:
   *  somebody enters. */
  readonly stillFrames: number;
}

/** Chosen on two scripted shops and checked on `bench -- cameras`' film. At 5 frames a second: the sweep takes two
 *  seconds, and what does not change is looked at every ten. */
export const ATTENTION: AttentionRule = {
  budget: 3,
  sweepFrames: 10,
  restFrames: 50,
  wholeFrames: 5,
  squareFrames: 2,
  motionFrames: { faces: 6, none: 12 },
  stillFrames: 3,
};

/** What was looked at so far, of one camera. */
export interface Attention {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames since each tile of the grid was last looked at. */
  readonly ages: readonly number[];
  /** How often each was looked at since a face was last seen in it. */
  readonly fruitless: readonly number[];
  /** Frames since something last moved in each. */
  readonly still: readonly number[];
  /** Frames for which each has shown something that was not looked at. */
  readonly waits: readonly number[];
  readonly wholeAge: number;
  /** Frames since squares around what moves were last looked at. */
  readonly squareAge: number;
  /** What the picture showed when each tile of the grid was last looked at, and when the whole was. */
  readonly shown: readonly LumaImage[];
  readonly wholeShown: LumaImage;
}

/** So often a tile is looked at without a face before what moves there is taken for no person's face. */
const FRUITLESS = 2;

export interface Scene {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where tracked faces should be by now. */
  readonly expectedPx: readonly BoxPx[];
  /** For each tile of the grid how much moves in it that no tracked person explains; 0 is nothing. */
  readonly motion: readonly number[];
  /** Squares around what moves, most first. */
  readonly moving: readonly SquarePx[];
  /** Brightness of the picture's cells. */
  readonly cells: LumaImage;
}

export interface Choice {
  readonly tiles: readonly SquarePx[];
  readonly attention: Attention;
}

/** Squares whose middles are nearer than this show the same. */
const SAME_SQUARE_PX = 60;

class Selection {
  readonly tiles: SquarePx[] = [];
  readonly looked = new Set<number>();
  wholeLooked = false;

  constructor(
    readonly grid: readonly SquarePx[],
    readonly whole: SquarePx,
  ) {}

  add(tile: SquarePx): void {
    if (tile === this.whole) this.wholeLooked = true;
    const index = this.grid.indexOf(tile);
    if (index >= 0) this.looked.add(index);
    this.tiles.push(tile);
  }

  /** Whether a square is seen at least as finely already. */
  shows({ x, y, sizePx }: SquarePx): boolean {
    return this.tiles.some(
      (tile) =>
        tile.sizePx <= sizePx &&
        Math.abs(tile.x + tile.sizePx / 2 - x - sizePx / 2) < SAME_SQUARE_PX &&
        Math.abs(tile.y + tile.sizePx / 2 - y - sizePx / 2) < SAME_SQUARE_PX,
    );
  }
}

/** Tiles for tracked faces: the fewest found by taking, for each face that is not seen yet, the tile that sees
 *  most of the others as well; one made for the face where no other sees it. */
function lookAtTracks(
  selection: Selection,
  scene: Scene,
  ages: readonly number[],
  wholeIsDue: boolean,
): void {
  let open = [...scene.expectedPx];
  while (open.length > 0) {
    const face = open[0] as BoxPx;
    const value = (tile: SquarePx) => open.filter((box) => coversFace(tile, box, scene)).length;
    const fresh = (tile: SquarePx) =>
      tile === selection.whole ? (wholeIsDue ? 0.5 : 0) : (ages[selection.grid.indexOf(tile)] ?? 0) / 1_000;
    const best = [selection.whole, ...selection.grid]
      .filter((tile) => coversFace(tile, face, scene))
      .map((tile) => ({ tile, worth: value(tile) + fresh(tile) }))
      .reduce<{ tile: SquarePx; worth: number } | null>((a, b) => (a && a.worth >= b.worth ? a : b), null);
    const tile = best?.tile ?? tileAround(face, scene);
    selection.add(tile);
    open = open.filter((box) => box !== face && !coversFace(tile, box, scene));
  }
}

/** Tiles of the grid that have waited longest, when waiting longer would break the promise that each is seen in time
 *  (earliest deadline first: the k-th needs k / slots more frames). */
function lookAround(
  selection: Selection,
  waits: readonly number[],
  slots: number,
  sweepFrames: number,
): void {
  const waiting = waits
    .map((frames, index) => ({ frames, index }))
    .filter(({ frames, index }) => frames > 0 && !selection.looked.has(index))
    .sort((a, b) => b.frames - a.frames || a.index - b.index);
  const isTight = waiting.some(({ frames }, k) => frames + Math.ceil((k + 1) / slots) >= sweepFrames);
  if (!isTight) return;
  for (const { index } of waiting.slice(0, slots)) selection.add(selection.grid[index] as SquarePx);
}

const beginsToMove = ({ still }: Attention, index: number, { stillFrames }: AttentionRule): boolean =>
  (still[index] ?? 0) >= stillFrames;

function waitOf(before: Attention, index: number, rule: AttentionRule): number {
  const { fruitless } = before;
  const { motionFrames } = rule;
  if (beginsToMove(before, index, rule)) return 0;
  return (fruitless[index] ?? 0) > FRUITLESS ? motionFrames.none : motionFrames.faces;
}

/** Remembers in which of the tiles that were just looked at there were faces. */
export function noteFaces(attention: Attention, facesPx: readonly BoxPx[]): Attention {
  const grid = tileGrid(attention.widthPx, attention.heightPx);
  const fruitless = attention.fruitless.map((times, index) => {
    if (attention.ages[index] !== 0) return times;
    const { x, y, sizePx } = grid[index] as SquarePx;
    const hasFace = facesPx.some((box) => {
      const [centreX, centreY] = [box.x + box.width / 2, box.y + box.height / 2];
      return centreX >= x && centreX < x + sizePx && centreY >= y && centreY < y + sizePx;
    });
    return hasFace ? 0 : times + 1;
  });
  return { ...attention, fruitless };
}

/** Where to look for faces in a frame: where tracked people should be, in a slow sweep over all that has changed, now
 *  and then at the whole picture at once, and where something moves. The first frame of a camera, or the first of
 *  another size, is looked at wholly.
 *  @param before null for the first frame */
export function chooseTiles(before: Attention | null, scene: Scene, rule: AttentionRule = ATTENTION): Choice {
  const { widthPx, heightPx } = scene;
  const grid = tileGrid(widthPx, heightPx);
  const [only] = grid.length === 1 ? grid : [];
  const whole = only ?? wholeFrame(widthPx, heightPx);
  if (before === null || before.widthPx !== widthPx || before.heightPx !== heightPx) {
    const nothing = grid.map(() => 0);
    const counts = {
      ages: nothing,
      fruitless: nothing,
      still: nothing,
      waits: nothing,
      wholeAge: 0,
      squareAge: 0,
    };
    const shown = { shown: grid.map(() => scene.cells), wholeShown: scene.cells };
    const attention = { widthPx, heightPx, ...counts, ...shown };
    return { tiles: [...new Set([whole, ...grid])], attention };
  }
  const ages = before.ages.map((age) => age + 1);
  const wholeAge = before.wholeAge + 1;
  const wholeIsDue =
    wholeAge >= rule.restFrames ||
    (wholeAge >= rule.wholeFrames && isNews(whole, before.wholeShown, scene.cells));
  const waits = before.waits.map((frames, index) => {
    const rests = (ages[index] ?? 0) < rule.restFrames && before.fruitless[index] !== 0;
    const isSame = rests && !isNews(grid[index] as SquarePx, before.shown[index] ?? null, scene.cells);
    return isSame ? 0 : frames + 1;
  });

  const selection = new Selection(grid, whole);
  lookAtTracks(selection, scene, ages, wholeIsDue);
  const slots = Math.ceil(grid.length / (rule.sweepFrames - 1));
  lookAround(selection, waits, slots, rule.sweepFrames);
  const squareAge = before.squareAge + 1;
  const begins = grid.some((_, index) => (scene.motion[index] ?? 0) > 0 && beginsToMove(before, index, rule));
  const squaresAreDue = begins || squareAge >= rule.squareFrames;
  if (squaresAreDue)
    for (const square of scene.moving)
      if (selection.tiles.length < rule.budget && !selection.shows(square))
        selection.add(square.sizePx === whole.sizePx ? whole : square);
  if (wholeIsDue && !selection.wholeLooked && selection.tiles.length < rule.budget) selection.add(whole);
  const moving = grid
    .map((tile, index) => ({
      tile,
      index,
      worth: (scene.motion[index] ?? 0) * (ages[index] ?? 0),
      begins: Number(beginsToMove(before, index, rule)),
    }))
    .filter(({ index, worth }) => worth > 0 && (ages[index] ?? 0) >= waitOf(before, index, rule))
    .filter(({ index }) => !selection.looked.has(index))
    .sort((a, b) => b.begins - a.begins || b.worth - a.worth || a.index - b.index);
  for (const { tile } of moving) if (selection.tiles.length < rule.budget) selection.add(tile);

  return {
    tiles: selection.tiles,
    attention: {
      widthPx,
      heightPx,
      ages: ages.map((age, index) => (selection.looked.has(index) ? 0 : age)),
      fruitless: before.fruitless,
      still: before.still.map((frames, index) => ((scene.motion[index] ?? 0) > 0 ? 0 : frames + 1)),
      waits: waits.map((frames, index) => (selection.looked.has(index) ? 0 : frames)),
      wholeAge: selection.wholeLooked ? 0 : wholeAge,
      squareAge: squaresAreDue ? 0 : squareAge,
      shown: before.shown.map((cells, index) => (selection.looked.has(index) ? scene.cells : cells)),
      wholeShown: selection.wholeLooked ? scene.cells : before.wholeShown,
    },
  };
}
