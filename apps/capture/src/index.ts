export { type FilmOptions, type FilmPicture, filmPictures } from './film.js';
export { type Ffmpeg, type LocateOptions, locateFfmpeg } from './ffmpeg.js';
export { startCapture } from './start.js';
