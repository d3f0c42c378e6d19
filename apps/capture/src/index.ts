export { type Ffmpeg, type LocateOptions, locateFfmpeg } from './ffmpeg.js';
export { startCapture } from './start.js';
