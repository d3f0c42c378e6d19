import type { Decoder, DecoderOptions } from '../decoder.js';
import type { Picture } from '../jpeg-stream.js';

/** An ffmpeg that does what a test tells it. */
export class FakeDecoder implements Decoder {
  stopped = false;
  private finish: (end: { stderr: string; isMissing: boolean }) => void = () => undefined;
  readonly ended = new Promise<{ stderr: string; isMissing: boolean }>((resolve) => {
    this.finish = resolve;
  });

  constructor(readonly options: DecoderOptions) {}

  /** Decodes pictures in one read, each with its number in the first byte. */
  show(...numbers: number[]): void {
    this.options.onPictures(numbers.map(pictureOf));
  }

  end(stderr = '', isMissing = false): void {
    this.finish({ stderr, isMissing });
  }

  stop(): Promise<void> {
    this.stopped = true;
    this.end();
    return Promise.resolve();
  }
}

function pictureOf(number: number): Picture {
  return { jpeg: Uint8Array.of(number), widthPx: 640, heightPx: 480 };
}
