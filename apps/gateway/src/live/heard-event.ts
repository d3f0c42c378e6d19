import type {
  AlertRaised,
  CameraStatus,
  CamerasChanged,
  CustomerUpdated,
  ExpressionScored,
  ForecastUpdated,
  GalleryChanged,
  LoyaltyReached,
  SaleRecorded,
  SaleRefunded,
  SalesImported,
  SegmentChanged,
  SightingEnded,
  SightingIdentified,
  SightingStarted,
  ValueUpdated,
  VisitEnded,
  VisitMerged,
  VisitStarted,
} from '@regulars/contracts';

/** An event of the queue `gateway.events`, by its routing key. */
export type HeardEvent =
  | { readonly key: 'camera.status'; readonly payload: CameraStatus }
  | { readonly key: 'sighting.started'; readonly payload: SightingStarted }
  | { readonly key: 'sighting.identified'; readonly payload: SightingIdentified }
  | { readonly key: 'sighting.ended'; readonly payload: SightingEnded }
  | { readonly key: 'expression.scored'; readonly payload: ExpressionScored }
  | { readonly key: 'visit.started'; readonly payload: VisitStarted }
  | { readonly key: 'visit.ended'; readonly payload: VisitEnded }
  | { readonly key: 'visit.merged'; readonly payload: VisitMerged }
  | { readonly key: 'customer.updated'; readonly payload: CustomerUpdated }
  | { readonly key: 'gallery.changed'; readonly payload: GalleryChanged }
  | { readonly key: 'cameras.changed'; readonly payload: CamerasChanged }
  | { readonly key: 'value.updated'; readonly payload: ValueUpdated }
  | { readonly key: 'segment.changed'; readonly payload: SegmentChanged }
  | { readonly key: 'loyalty.reached'; readonly payload: LoyaltyReached }
  | { readonly key: 'alert.raised'; readonly payload: AlertRaised }
  | { readonly key: 'forecast.updated'; readonly payload: ForecastUpdated }
  | { readonly key: 'sale.recorded'; readonly payload: SaleRecorded }
  | { readonly key: 'sale.refunded'; readonly payload: SaleRefunded }
  | { readonly key: 'sales.imported'; readonly payload: SalesImported };
