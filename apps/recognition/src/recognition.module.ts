import { type DynamicModule, Module } from '@nestjs/common';
import type { Meter } from '@regulars/contracts';
import { Enrolment } from './enrolment/enrolment.js';
import { EnrolmentController, METER } from './enrolment/enrolment.controller.js';
import { FramesController } from './frames/frames.controller.js';
import { Sessions } from './frames/sessions.js';
import { GalleryController } from './gallery/gallery.controller.js';
import { GalleryKeeper } from './gallery/gallery-keeper.js';
import { StaffRoll } from './gallery/staff-roll.js';
import {
  type RecogniserDesk,
  RECOGNISERS,
  RecognisersController,
} from './recognisers/recognisers.controller.js';
import { StrangerDesk } from './strangers/stranger-desk.js';
import { Strangers } from './strangers/strangers.js';
import { StrangersController } from './strangers/strangers.controller.js';

/** What the handlers of recognition work with. */
export interface RecognitionParts {
  readonly sessions: Sessions;
  readonly keeper: GalleryKeeper;
  readonly staff: StaffRoll;
  readonly strangers: Strangers;
  readonly desk: StrangerDesk;
  readonly enrolment: Enrolment;
  readonly recognisers: RecogniserDesk;
  readonly meter: Meter;
}

@Module({})
export class RecognitionModule {
  static of(parts: RecognitionParts): DynamicModule {
    const { sessions, keeper, staff, strangers, desk, enrolment, recognisers, meter } = parts;
    return {
      module: RecognitionModule,
      controllers: [
        FramesController,
        GalleryController,
        EnrolmentController,
        StrangersController,
        RecognisersController,
      ],
      providers: [
        { provide: Sessions, useValue: sessions },
        { provide: GalleryKeeper, useValue: keeper },
        { provide: StaffRoll, useValue: staff },
        { provide: Strangers, useValue: strangers },
        { provide: StrangerDesk, useValue: desk },
        { provide: Enrolment, useValue: enrolment },
        { provide: RECOGNISERS, useValue: recognisers },
        { provide: METER, useValue: meter },
      ],
    };
  }
}
