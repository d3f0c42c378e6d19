import type {
  CameraView,
  CustomerView,
  LiveEvent,
  LivePayload,
  LiveVisitor,
  VisitView,
} from '@regulars/contracts';

/** Valid things for tests; what matters in a test is given, the rest is plausible. */

export const NOON = '2026-03-01T12:00:00.000Z';

export function visitId(number: number): string {
  return `vis_${String(number).padStart(16, '0')}`;
}

export function customerId(number: number): string {
  return `cus_${String(number).padStart(16, '0')}`;
}

export function sightingId(number: number): string {
  return `sgt_${String(number).padStart(16, '0')}`;
}

export const STRANGER: LiveVisitor = { kind: 'stranger' };

export function customer(number: number, displayName = `Customer ${number}`): LiveVisitor {
  return { kind: 'customer', customerId: customerId(number), displayName };
}

export function liveEvent(payload: LivePayload, sequence = 1, epoch = 'first'): LiveEvent {
  return { epoch, sequence, storeId: 'main', at: NOON, payload };
}

export function visitStarted(number: number, who: LiveVisitor = STRANGER): LivePayload {
  return { kind: 'visit-started', visitId: visitId(number), who, startedAt: NOON, cameraId: 'entrance' };
}

export const NOT_JUDGED: VisitView['satisfaction'] = {
  score: null,
  class: null,
  spread: null,
  scoredCrops: 0,
  abstentions: 0,
};

export function visitEnded(number: number, who: LiveVisitor = STRANGER): LivePayload {
  return {
    kind: 'visit-ended',
    visitId: visitId(number),
    who,
    startedAt: NOON,
    endedAt: NOON,
    satisfaction: NOT_JUDGED,
  };
}

export function visitMerged(survivor: number, absorbed: number): LivePayload {
  return { kind: 'visit-merged', visitId: visitId(survivor), absorbedVisitId: visitId(absorbed) };
}

export function visitView(number: number, change: Partial<VisitView> = {}): VisitView {
  return {
    visitId: visitId(number),
    storeId: 'main',
    visitor: { kind: 'stranger', sightingId: sightingId(number) },
    displayName: null,
    startedAt: NOON,
    lastSeenAt: NOON,
    endedAt: null,
    cameraIds: ['entrance'],
    sightings: 1,
    satisfaction: NOT_JUDGED,
    together: [],
    ...change,
  };
}

export function cameraView(cameraId: string, change: Partial<CameraView> = {}): CameraView {
  return {
    cameraId,
    storeId: 'main',
    name: cameraId,
    source: 'rtsp://10.0.0.5/stream',
    mode: 'members',
    fps: 5,
    maxWidthPx: 1280,
    stallMs: 10_000,
    tillId: null,
    status: { state: 'live', fault: null, since: NOON, widthPx: 1280, heightPx: 720 },
    ...change,
  };
}

export function customerView(number: number, change: Partial<CustomerView> = {}): CustomerView {
  return {
    customerId: customerId(number),
    displayName: `Customer ${number}`,
    externalId: null,
    consent: null,
    templates: 0,
    createdAt: NOON,
    isStaff: false,
    lastVisitAt: null,
    visits: 0,
    ...change,
  };
}
