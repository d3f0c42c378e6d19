import type { BoxPx, ViewQuality } from '@regulars/contracts';
import { laplacianVariance, lumaVariance, meanLuma, toLuma } from '../image/luma.js';
import { resample } from '../image/resize.js';
import type { PointPx, RgbImage } from '../vision.js';
import { headPose } from './pose.js';

/** Side of the chip that sharpness is measured on, whatever the face's size in the frame: a face of about 40 px
 *  fills it, so that a smaller one counts as the less sharp it is. */
const SHARPNESS_CHIP_PX = 64;
/** Sharpness is that of the face at this contrast (variance of its grey levels), so that soft light is not taken
 *  for blur. LFW: median 308; 91, 38 and 21 blurred by a Gaussian of 2, 3 and 4 px (faces of 106 px); 161, 100
 *  and 63 scaled to faces of 48, 32 and 24 px. Of pairs at 1e-4 false matches .79 are found, of those blurred by
 *  2, 3 and 4 px .69, .41 and .14. */
const STANDARD_CONTRAST = 1_000;
/** A face of less contrast than this is dark, overexposed or hidden by fog; its noise is not sharpness. */
const LEAST_CONTRAST = 100;
/** The middle of an aligned chip, its outer fifth left off: face without hair and background. */
const FACE_SHARE = 0.6;

/** How well a view can be judged.
 *  @param chip as made by alignFace
 *  @param boxPx the face's box in the frame
 *  @param landmarks 68 points in the frame */
export function viewQuality(chip: RgbImage, boxPx: BoxPx, landmarks: readonly PointPx[]): ViewQuality {
  const width = chip.widthPx * FACE_SHARE;
  const edge = (chip.widthPx - width) / 2;
  const sidePx = Math.round(SHARPNESS_CHIP_PX * FACE_SHARE);
  const face = toLuma(resample(chip, { x: edge, y: edge, width, height: width }, sidePx, sidePx));
  return {
    faceWidthPx: boxPx.width,
    sharpness: (laplacianVariance(face) * STANDARD_CONTRAST) / Math.max(lumaVariance(face), LEAST_CONTRAST),
    ...headPose(landmarks),
    brightness: meanLuma(face),
  };
}
