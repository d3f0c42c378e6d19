export { startRecognition } from './start.js';
