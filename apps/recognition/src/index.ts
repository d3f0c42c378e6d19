export { Gallery } from './gallery/gallery.js';
export { advanceTracks, predictBox, TRACK_RULE, trackRuleFor, type Track } from './tracking/tracks.js';
export { startRecognition } from './start.js';
