export { openVision, type OpenedVision, type VisionOptions } from './open-vision.js';
