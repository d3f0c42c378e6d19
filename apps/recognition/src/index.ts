export { Gallery } from './gallery/gallery.js';
export { startRecognition } from './start.js';
