interface MetricSpec {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  buckets?: readonly number[];
}

const LATENCY_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const COMPUTE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] as const;

const RUN_SECONDS = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600] as const;

/** Every metric of every service, named `regulars_<noun>_<unit>`. Registered by libs/runtime; docs/metrics.md
 *  and the check that each panel's query names one of these are made from this table. */
export const METRICS = {
  regulars_camera_state: {
    type: 'gauge',
    help: 'State of a camera: 1 for the state it is in, 0 for the others',
    labels: ['camera', 'state'],
  },
  regulars_camera_restarts_total: {
    type: 'counter',
    help: 'Times the decoder of a camera was started anew, by the reason',
    labels: ['camera', 'reason'],
  },
  regulars_frames_captured_total: {
    type: 'counter',
    help: 'Frames decoded from a camera',
    labels: ['camera'],
  },
  regulars_frames_dropped_total: {
    type: 'counter',
    help: 'Frames dropped, by where: capture (a newer one came), broker (away or full), recognition (too old or unreadable)',
    labels: ['camera', 'where'],
  },
  regulars_frame_age_seconds: {
    type: 'histogram',
    help: 'Time from a frame being captured to its faces being known',
    labels: ['camera'],
    buckets: LATENCY_SECONDS,
  },
  regulars_inference_seconds: {
    type: 'histogram',
    help: 'Time of one run of a model, by model and execution provider',
    labels: ['model', 'provider'],
    buckets: COMPUTE_SECONDS,
  },
  regulars_faces_detected_total: { type: 'counter', help: 'Faces found in frames', labels: ['camera'] },
  regulars_sightings_total: {
    type: 'counter',
    help: 'Sightings ended, by what was decided: identified, stranger or undecided',
    labels: ['camera', 'identity'],
  },
  regulars_tracks_cut_total: {
    type: 'counter',
    help: 'Tracks that went over from one person to another and were cut',
    labels: ['camera'],
  },
  regulars_sightings_open: { type: 'gauge', help: 'People before a camera now', labels: ['camera'] },
  regulars_gallery_templates: { type: 'gauge', help: 'Templates in the gallery', labels: ['model'] },
  regulars_recogniser_people: {
    type: 'gauge',
    help: 'Customers with templates of a recogniser, by its role: serving, candidate or former',
    labels: ['model', 'role'],
  },
  regulars_recogniser_changes_total: {
    type: 'counter',
    help: 'Changes of which recogniser serves or stands beside, by change and result: done, refused or failed',
    labels: ['change', 'result'],
  },
  regulars_recogniser_embeddings_total: {
    type: 'counter',
    help: 'Photographs offered to the recogniser beside the serving one, by result: added, known, refused, failed or dropped',
    labels: ['model', 'result'],
  },
  regulars_identity_threshold: {
    type: 'gauge',
    help: 'Scored distance within which a view speaks for somebody, as the budget of wrong recognitions allows',
    labels: ['model'],
  },
  regulars_identity_fpir: {
    type: 'gauge',
    help: 'Predicted chance that a pass of somebody who is not enrolled is taken for somebody who is (FPIR)',
    labels: ['model'],
  },
  regulars_identity_wrong_week: {
    type: 'gauge',
    help: 'Wrong recognitions in a week, by kind: tolerated by the operator, or predicted at most',
    labels: ['kind'],
  },
  regulars_identity_passes_total: {
    type: 'counter',
    help: 'Passes that were judged, by whether they came near to somebody else than who they were taken for; that share is the observed FPIR',
    labels: ['near'],
  },
  regulars_enrolments_total: {
    type: 'counter',
    help: 'Photographs offered for enrolment, by result: accepted or the code of the refusal',
    labels: ['result'],
  },
  regulars_people_enrolled_total: {
    type: 'counter',
    help: 'People sent with their photographs in one request, as imports do, by result: enrolled, refused or tried',
    labels: ['result'],
  },
  regulars_pseudonyms: {
    type: 'gauge',
    help: 'Strangers who are known again by a pseudonym, by kind: day or returning',
    labels: ['kind'],
  },
  regulars_stranger_passes_total: {
    type: 'counter',
    help: 'Passes of strangers before cameras that may know them again, by result: again, new or unclear',
    labels: ['camera', 'result'],
  },
  regulars_lanes_held: {
    type: 'gauge',
    help: 'Camera lanes that this recognition worker holds',
    labels: ['worker'],
  },
  regulars_expressions_total: {
    type: 'counter',
    help: 'Face crops looked at for satisfaction, by result: a class, the reason of an abstention, or unreadable',
    labels: ['result'],
  },
  regulars_crops_kept_total: {
    type: 'counter',
    help: 'Crops of customers who agreed, by what became of them: kept or corrected',
    labels: ['result'],
  },
  regulars_expression_heads_total: {
    type: 'counter',
    help: 'Trainings of the head on corrections, by result: serving, refused or failed',
    labels: ['result'],
  },
  regulars_alerts_total: {
    type: 'counter',
    help: 'Alerts by kind and result: raised, or held-back where the till has had one lately',
    labels: ['kind', 'result'],
  },
  regulars_notices_total: {
    type: 'counter',
    help: 'Attempts to send an alert to the webhook of the installation, by result: delivered, undelivered or refused',
    labels: ['result'],
  },
  regulars_visits_open: { type: 'gauge', help: 'Visits open now', labels: ['store'] },
  regulars_visits_total: {
    type: 'counter',
    help: 'Visits started, by kind of visitor: customer or stranger',
    labels: ['store', 'visitor'],
  },
  regulars_sales_counted_total: {
    type: 'counter',
    help: 'Entries of the ledger that were counted, by kind: sale or refund',
    labels: ['store', 'kind'],
  },
  regulars_sale_joins_total: {
    type: 'counter',
    help: 'Sales without a customer that were looked at, by result: joined, unsure or nobody',
    labels: ['store', 'result'],
  },
  regulars_sale_corrections_total: {
    type: 'counter',
    help: 'What operators said of joined sales, by kind: denied, assigned (to somebody else) or withdrawn',
    labels: ['store', 'kind'],
  },
  regulars_segment_changes_total: {
    type: 'counter',
    help: 'Customers who moved to a segment',
    labels: ['segment'],
  },
  regulars_segment_customers: {
    type: 'gauge',
    help: 'Customers in a segment at the last count of all',
    labels: ['segment'],
  },
  regulars_loyalty_reached_total: {
    type: 'counter',
    help: 'Customers who came to fulfil a loyalty rule',
    labels: ['rule'],
  },
  regulars_value_run_seconds: {
    type: 'histogram',
    help: 'Time of one run over all customers, by kind: segments or forecasts',
    labels: ['kind'],
    buckets: RUN_SECONDS,
  },
  regulars_forecast_training_seconds: {
    type: 'histogram',
    help: 'Time of one training of the forecaster with its back-test, by the champion that it found',
    labels: ['champion'],
    buckets: RUN_SECONDS,
  },
  regulars_forecast_runs_total: {
    type: 'counter',
    help: 'Runs of the forecasts, by result: done, failed or cancelled',
    labels: ['result'],
  },
  regulars_messages_published_total: {
    type: 'counter',
    help: 'Messages published, by event and result: sent, kept (in the outbox) or dropped',
    labels: ['event', 'result'],
  },
  regulars_messages_handled_total: {
    type: 'counter',
    help: 'Messages handled, by queue and outcome: done, retry or dead',
    labels: ['queue', 'outcome'],
  },
  regulars_message_handling_seconds: {
    type: 'histogram',
    help: 'Time a handler took for one message',
    labels: ['queue'],
    buckets: COMPUTE_SECONDS,
  },
  regulars_outbox_events: {
    type: 'gauge',
    help: 'Events kept in the outbox until the broker takes them',
    labels: [],
  },
  regulars_broker_connected: {
    type: 'gauge',
    help: '1 while connected to the broker, by connection: publish or consume',
    labels: ['connection'],
  },
  regulars_broker_blocked: { type: 'gauge', help: '1 while the broker blocks publishers', labels: [] },
  regulars_store_operation_seconds: {
    type: 'histogram',
    help: 'Time of one operation on the document store',
    labels: ['collection', 'operation'],
    buckets: COMPUTE_SECONDS,
  },
  regulars_http_request_seconds: {
    type: 'histogram',
    help: 'Time of one HTTP request, by route pattern and status',
    labels: ['method', 'route', 'status'],
    buckets: LATENCY_SECONDS,
  },
  regulars_sales_total: {
    type: 'counter',
    help: 'Sales and refunds that came in, by kind, source and result: recorded, known or differs',
    labels: ['kind', 'source', 'result'],
  },
  regulars_sales_waiting: {
    type: 'gauge',
    help: 'Stored sales and refunds whose event the broker has not taken yet',
    labels: [],
  },
  regulars_webhooks_total: {
    type: 'counter',
    help: 'Webhooks by provider and result: recorded, known, differs, kept, repeated or the code of the refusal',
    labels: ['provider', 'result'],
  },
  regulars_import_rows_total: {
    type: 'counter',
    help: 'Sales and refunds stored from files of history',
    labels: ['layout'],
  },
  regulars_live_clients: { type: 'gauge', help: 'Browsers connected for live events', labels: [] },
  regulars_live_events_total: {
    type: 'counter',
    help: 'Live events sent to browsers, by kind',
    labels: ['kind'],
  },
  regulars_live_delay_seconds: {
    type: 'histogram',
    help: 'Time from a frame being captured to its live event leaving the gateway',
    labels: ['kind'],
    buckets: LATENCY_SECONDS,
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;
export type { MetricSpec };
