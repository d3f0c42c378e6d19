import type { PointPx } from '../vision.js';

interface HeadPoint {
  readonly landmark: number;
  /** Millimetres from the bridge of the nose: to the picture's right, down, and away from the camera. */
  readonly mm: readonly [number, number, number];
}

/** A mean adult head at ten of the 68 landmarks, by the usual anthropometric distances: outer eye corners 89 mm
 *  apart, inner 32, mouth 52, bridge to base of the nose 52, to the chin 117, tip of the nose 20 in front of its
 *  base. Symmetric, so that a symmetric face has no yaw. */
const HEAD: readonly HeadPoint[] = [
  { landmark: 36, mm: [-44.5, 3, 20] },
  { landmark: 39, mm: [-16, 4, 12] },
  { landmark: 42, mm: [16, 4, 12] },
  { landmark: 45, mm: [44.5, 3, 20] },
  { landmark: 27, mm: [0, 0, 0] },
  { landmark: 30, mm: [0, 38, -22] },
  { landmark: 33, mm: [0, 52, -6] },
  { landmark: 48, mm: [-26, 74, 8] },
  { landmark: 54, mm: [26, 74, 8] },
  { landmark: 8, mm: [0, 117, 10] },
];

type Triple = readonly [number, number, number];

function centroid(points: readonly (readonly number[])[]): number[] {
  const size = points[0]?.length ?? 0;
  return Array.from(
    { length: size },
    (_, i) => points.reduce((sum, p) => sum + (p[i] ?? 0), 0) / points.length,
  );
}

const HEAD_CENTRE = centroid(HEAD.map((point) => point.mm));
const CENTRED = HEAD.map(({ mm }) => mm.map((v, i) => v - (HEAD_CENTRE[i] ?? 0)) as unknown as Triple);

function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function unit(a: Triple): Triple {
  const length = Math.hypot(...a);
  return length === 0 ? a : [a[0] / length, a[1] / length, a[2] / length];
}

/** Rows of the inverse of the head's 3x3 second-moment matrix. */
function inverseMoments(): readonly Triple[] {
  const row = (i: number) =>
    [0, 1, 2].map((j) => CENTRED.reduce((sum, p) => sum + (p[i] ?? 0) * (p[j] ?? 0), 0)) as unknown as Triple;
  const [a, b, c] = [row(0), row(1), row(2)];
  const determinant = dot(a, cross(b, c));
  const scale = (v: Triple): Triple => [v[0] / determinant, v[1] / determinant, v[2] / determinant];
  // The matrix is symmetric, so the columns of its inverse are its rows.
  return [scale(cross(b, c)), scale(cross(c, a)), scale(cross(a, b))];
}

const INVERSE = inverseMoments();

/** Least-squares row of the affine projection that maps the head to one image coordinate. */
function projectionRow(values: readonly number[]): Triple {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const moments = [0, 1, 2].map((i) =>
    CENTRED.reduce((sum, p, k) => sum + (p[i] ?? 0) * ((values[k] ?? 0) - mean), 0),
  ) as unknown as Triple;
  return [
    dot(INVERSE[0] as Triple, moments),
    dot(INVERSE[1] as Triple, moments),
    dot(INVERSE[2] as Triple, moments),
  ];
}

const DEGREES = 180 / Math.PI;

/** Where a head is turned, by fitting a mean head under scaled orthographic projection (POS: DeMenthon and
 *  Davis, Model-based object pose in 25 lines of code, IJCV 1995). Good to about 10 degrees, which is enough to
 *  tell frontal from half profile; noses and chins differ between people, so pitch is the coarser of the two.
 *  @param landmarks 68 points in the order of the iBUG 300-W mark-up
 *  @returns degrees: yaw positive when the face looks to the picture's right, pitch positive when it looks up */
export function headPose(landmarks: readonly PointPx[]): { yawDegrees: number; pitchDegrees: number } {
  const points = HEAD.map(({ landmark }) => landmarks[landmark] ?? { x: 0, y: 0 });
  const right = unit(projectionRow(points.map((p) => p.x)));
  const down = projectionRow(points.map((p) => p.y));
  const lean = dot(down, right);
  const below = unit([down[0] - lean * right[0], down[1] - lean * right[1], down[2] - lean * right[2]]);
  const away = cross(right, below);
  return {
    yawDegrees: Math.atan2(-right[2], away[2]) * DEGREES,
    pitchDegrees: Math.asin(Math.min(1, Math.max(-1, below[2]))) * DEGREES,
  };
}
