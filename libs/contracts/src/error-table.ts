/** Every error a user, a till or an operator can meet, with its HTTP status, what happened and what to do.
 *  `docs/errors.md` is generated from this table. Codes are never renamed: clients match on them. */
export const ERRORS = {
  // Requests
  REQUEST_INVALID: {
    status: 400,
    meaning: 'The request does not have the documented form.',
    remedy: 'Mend the fields that are named and send it again.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    meaning: 'The body or one of its files is larger than allowed.',
    remedy: 'Send photographs of at most 10 MB, ten at a time.',
  },
  TOKEN_MISSING: {
    status: 401,
    meaning: 'The request carries no access token.',
    remedy: 'Send the owner\'s token as "Authorization: Bearer TOKEN".',
  },
  TOKEN_UNKNOWN: {
    status: 401,
    meaning: 'The access token is not one that this installation issued.',
    remedy: 'Use the token printed at first start, or make a new one with "npm run token -- --new".',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'Too many requests came from this address.',
    remedy: 'Wait for the number of seconds in the Retry-After header.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'There is nothing at this address.',
    remedy: 'See /docs for the addresses that exist.',
  },
  CUSTOMER_NOT_FOUND: {
    status: 404,
    meaning: 'No customer has this id.',
    remedy: 'List the customers with GET /v1/customers.',
  },
  CUSTOMER_EXISTS: {
    status: 409,
    meaning: 'Another customer has this externalId.',
    remedy: 'Change that customer with PATCH, or use another number.',
  },
  CONSENT_MISSING: {
    status: 422,
    meaning: 'The customer has not agreed to recognition, or only until a day that has passed.',
    remedy: 'Record the consent with PATCH /v1/customers/{customerId} before sending photographs.',
  },
  RECOGNITION_UNAVAILABLE: {
    status: 503,
    meaning:
      'The recognition service does not answer, so neither photographs nor changes of strangers can be taken in now.',
    remedy: 'Send the request again in a moment; if it lasts, check GET /health/ready of recognition.',
  },
  SIGHTING_NOT_FOUND: {
    status: 404,
    meaning: 'No sighting has this id, or it is older than sightings are kept.',
    remedy: 'Take the id from a live event; one that has just begun is known within seconds.',
  },
  SIGHTING_OF_ANOTHER: {
    status: 409,
    meaning: 'The sighting was not taken for this customer.',
    remedy: 'Look up again whom it was taken for.',
  },
  STRANGER_NOT_FOUND: {
    status: 404,
    meaning: 'No stranger has this pseudonym: it never was given, has expired or was erased.',
    remedy: 'List the strangers with GET /v1/strangers.',
  },
  STRANGERS_DIFFER: {
    status: 409,
    meaning: 'The two cannot be one person: they were before one camera at the same time, or in two stores.',
    remedy: 'Leave them apart, or first split off the sighting that is wrong.',
  },
  CHANGE_NOT_REVERSIBLE: {
    status: 409,
    meaning: 'This change cannot be undone: it was undone before, or what it moved is gone.',
    remedy: 'See the changes and their state with GET /v1/strangers/changes.',
  },
  PICTURE_NOT_FOUND: {
    status: 404,
    meaning: 'The camera has sent no picture since the gateway was started.',
    remedy: "Look at the camera's status with GET /v1/cameras/{cameraId}.",
  },
  CAMERA_NOT_FOUND: {
    status: 404,
    meaning: 'No camera has this id.',
    remedy: 'List the cameras with GET /v1/cameras.',
  },
  CAMERA_EXISTS: {
    status: 409,
    meaning: 'A camera with this id is configured already.',
    remedy: 'Choose another id, or change that camera with PATCH.',
  },
  // Sales
  TOKEN_FORBIDDEN: {
    status: 403,
    meaning: "The access token is a till's, which may post sales and refunds and nothing else.",
    remedy: "Use the owner's token for this.",
  },
  TOKEN_NOT_FOUND: {
    status: 404,
    meaning: 'No valid token has this id.',
    remedy: 'List the tokens with GET /v1/tokens.',
  },
  TOKEN_LAST_OWNER: {
    status: 409,
    meaning: "This is the last owner's token; without it nobody could get in.",
    remedy: 'Make another one with POST /v1/tokens first.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    meaning: 'This Idempotency-Key was used for another request within the last 24 hours.',
    remedy: 'Use a key of its own for each request, and the same one only to send the same body again.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    meaning: 'The first request with this Idempotency-Key is still being worked on.',
    remedy: 'Send it again after the seconds in the Retry-After header; it then gets the first answer.',
  },
  SALE_NOT_FOUND: {
    status: 404,
    meaning: 'No sale that a till told has this id.',
    remedy: 'Take the id from GET /v1/sale-joins.',
  },
  VISIT_NOT_FOUND: {
    status: 404,
    meaning: 'No visit of this store has this id, or it was merged into another one.',
    remedy: 'Take the id from GET /v1/visits.',
  },
  SALE_OF_ANOTHER: {
    status: 409,
    meaning: 'The sale was not joined to this customer.',
    remedy: 'Look up again with GET /v1/sale-joins to whom it was joined.',
  },
  SALE_NAMED: {
    status: 409,
    meaning: 'The till named the customer of this sale, so it was not joined to anybody.',
    remedy: 'Void the sale at the till and tell it again with the right customer.',
  },
  SALE_DIFFERS: {
    status: 409,
    meaning: 'This id is that of another sale or refund, with another amount; the first one stays.',
    remedy: 'Give every sale an id of its own; give money back with POST /v1/refunds.',
  },
  SALE_TIME_REFUSED: {
    status: 422,
    meaning: 'The sale lies more than a day ahead.',
    remedy: "Set the till's clock; up to five minutes ahead are kept, up to a day are corrected.",
  },
  WEBHOOK_NOT_CONFIGURED: {
    status: 404,
    meaning: 'No secret is set for this provider, so its webhooks are not taken.',
    remedy: 'Set the variable that is named (docs/sales.md) and start the gateway again.',
  },
  WEBHOOK_SIGNATURE_INVALID: {
    status: 401,
    meaning: "The signature is missing or is not the provider's over exactly these bytes.",
    remedy: 'Compare the secret, and for Square the notification URL, with the settings at the provider.',
  },
  WEBHOOK_TOO_OLD: {
    status: 401,
    meaning: 'The message was signed more than five minutes ago, or ahead of now.',
    remedy: 'None for a replay; otherwise set the clock of this machine.',
  },
  WEBHOOK_INVALID: {
    status: 422,
    meaning:
      "The message is signed rightly but does not have the form that the provider's documentation states.",
    remedy: 'Compare the field that is named with docs/sales.md; the provider will send it again.',
  },
  EXPRESSION_UNAVAILABLE: {
    status: 503,
    meaning: 'The expression service does not answer.',
    remedy: 'Ask again in a moment; if it lasts, check GET /health/ready of expression.',
  },
  CROP_NOT_FOUND: {
    status: 404,
    meaning: 'No such crop is kept: it never was, has expired, or went with its customer.',
    remedy: 'List the crops that are kept with GET /v1/expressions/crops.',
  },
  HEAD_NOT_FOUND: {
    status: 404,
    meaning: 'There is no such head of the model in use.',
    remedy: 'List the heads with GET /v1/expressions/heads.',
  },
  CORRECTIONS_TOO_FEW: {
    status: 422,
    meaning: 'There are too few corrected crops to train a head and to compare it.',
    remedy: 'Correct more crops, of more customers and of both kinds; the fields say how many are needed.',
  },
  HEAD_NOT_TRAINABLE: {
    status: 409,
    meaning: 'The expression model in use gives no features, so that no head can be trained for it.',
    remedy: 'Use the model "satisfaction" in models/manifest.json (npm run models).',
  },
  HEAD_TRAINING_RUNS: {
    status: 409,
    meaning: 'A head is being trained already.',
    remedy: 'Wait for it; it takes at most two minutes.',
  },
  NOTICE_UNDELIVERED: {
    status: 503,
    meaning: 'The receiver of notices did not answer, or asked to try later.',
    remedy:
      'Look at the receiver named in ALERT_WEBHOOK_URL; the notice is tried again for a quarter of an hour.',
  },
  NOTICE_REFUSED: {
    status: 502,
    meaning: 'The receiver of notices refused one.',
    remedy: 'Compare ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET with what the receiver expects.',
  },
  IMPORT_INVALID: {
    status: 422,
    meaning: 'The file cannot be imported; nothing of it was.',
    remedy: 'Mend the row and column that are named (row 1 is the header) and send the file again.',
  },
  IMPORT_NOT_FOUND: {
    status: 404,
    meaning: 'No import has this id.',
    remedy: 'Send a file with POST /v1/imports.',
  },
  IMPORT_RUNNING: {
    status: 409,
    meaning: 'Another file is being imported.',
    remedy: 'Wait until GET /v1/imports/{importId} says that it is done.',
  },
  // Cameras
  CAMERA_SOURCE_REFUSED: {
    status: 422,
    meaning: 'The camera source is not of a kind that is allowed.',
    remedy:
      'Use rtsp:// or rtsps://, a file below CAPTURE_FILES_DIR, or a device such as 0 or /dev/video0; the field says what is wrong.',
  },
  CAMERA_UNREACHABLE: {
    status: 502,
    meaning: 'The camera does not answer.',
    remedy: 'Check its address, power and network.',
  },
  CAMERA_UNAUTHORISED: {
    status: 502,
    meaning: 'The camera refuses the user name or password.',
    remedy: 'Set the credentials in the camera source anew.',
  },
  CAMERA_UNREADABLE: {
    status: 422,
    meaning: 'The source opens but holds no video that can be decoded.',
    remedy: 'Play it with ffplay; choose a stream or file with H.264 or H.265 video.',
  },
  CAMERA_STALLED: {
    status: 504,
    meaning: 'The camera has sent no picture for longer than its stall time.',
    remedy: 'None needed if it comes back; otherwise check the camera and its network.',
  },
  FFMPEG_MISSING: {
    status: 500,
    meaning: 'No ffmpeg was found, so no camera can be opened.',
    remedy:
      'Install ffmpeg 5 or later, or set FFMPEG_BIN to it; "npm run doctor" shows where it was looked for.',
  },
  // Pictures and faces
  PICTURE_UNREADABLE: {
    status: 422,
    meaning: 'The picture cannot be decoded.',
    remedy: 'Send a complete JPEG, PNG or WebP picture.',
  },
  PICTURE_TOO_LARGE: {
    status: 413,
    meaning: 'The picture has more pixels than are decoded.',
    remedy: 'Send a picture of at most 50 megapixels.',
  },
  FACE_NOT_FOUND: {
    status: 422,
    meaning: 'No face was found in the photograph.',
    remedy: 'Use a photograph in which the whole face is visible from the front.',
  },
  FACE_NOT_SINGLE: {
    status: 422,
    meaning: 'The photograph shows several faces, so it is not clear who is meant.',
    remedy: 'Crop the photograph to the one person.',
  },
  FACE_TOO_SMALL: {
    status: 422,
    meaning: 'The face is too small to enrol.',
    remedy: 'Use a photograph in which the face is at least 48 pixels wide.',
  },
  FACE_BLURRED: {
    status: 422,
    meaning: 'The face is blurred.',
    remedy: 'Use a sharp photograph, taken in good light.',
  },
  FACE_TURNED: {
    status: 422,
    meaning: 'The face is turned too far away from the camera.',
    remedy: 'Use a photograph from the front.',
  },
  FACES_DIFFER: {
    status: 422,
    meaning: 'The photographs do not show one and the same person.',
    remedy: 'Send photographs of one person only.',
  },
  FACE_KNOWN: {
    status: 422,
    meaning: 'The face would be taken for another customer, who is enrolled already.',
    remedy:
      'Look at the customer that is named: enrol one person once. Two people who look so alike can be enrolled with acceptKnown=true; neither is then recognised surely.',
  },
  PHOTOGRAPH_REPEATED: {
    status: 422,
    meaning:
      'The photograph is nearly the same picture as another one of the customer, so it says nothing new.',
    remedy: 'Send photographs from other days or angles; copies do not help.',
  },
  TEMPLATES_FULL: {
    status: 422,
    meaning: 'The customer has as many templates as are any use.',
    remedy: 'Nothing needs to be done. To start anew, remove the photographs first.',
  },
  // Models
  MODEL_MISSING: {
    status: 500,
    meaning: 'A model file is missing.',
    remedy: 'Run "npm run models".',
  },
  MODEL_CORRUPT: {
    status: 500,
    meaning: 'A model file is empty, cut short or not the one that the manifest names.',
    remedy:
      'Delete it and run "npm run models"; copy a recogniser of your own again, and compare its sha256 with its entry in models/own.json.',
  },
  MODEL_MISMATCH: {
    status: 500,
    meaning: 'A model does not have the inputs or outputs that its manifest states, or was not measured.',
    remedy:
      'Run "npm run models"; for a recogniser of your own correct its entry in models/own.json, and measure it with "npm run train -- identity-shift --model NAME --images DIR".',
  },
  CANDIDATE_REFUSED: {
    status: 422,
    meaning: 'The recogniser cannot be used; the one that serves goes on serving.',
    remedy:
      'The fields say what is wrong and with what: copy its file again and compare the sha256, correct its entry in models/own.json, or measure it with "npm run train -- identity-shift --model NAME --images DIR".',
  },
  CANDIDATE_MISSING: {
    status: 409,
    meaning: 'There is no such recogniser beside the one that serves.',
    remedy: 'See GET /v1/recognisers; put one beside with POST /v1/recognisers/candidate.',
  },
  CANDIDATE_INCOMPLETE: {
    status: 409,
    meaning:
      'The candidate does not know everybody who is enrolled; who is unknown to it would not be recognised.',
    remedy:
      'Enrol the customers that are named again (docs/models.md), or name all of them in "without" to go on without them.',
  },
  MODEL_SOURCE_CHANGED: {
    status: 500,
    meaning: 'The weights inside an npm package are not the ones whose checksum is pinned.',
    remedy: 'Run "npm ci" to install the pinned versions again.',
  },
  PROVIDER_UNAVAILABLE: {
    status: 500,
    meaning: 'The required execution provider cannot be loaded.',
    remedy: 'Install the CUDA libraries of onnxruntime-node, or set VISION_PROVIDER=auto or cpu.',
  },
  VISION_BUSY: {
    status: 503,
    meaning: 'More pictures wait for the vision models than are kept waiting.',
    remedy: 'None needed if it passes; otherwise add cores and VISION_THREADS, or a replica of the service.',
  },
  VISION_WORKER_LOST: {
    status: 503,
    meaning: 'The thread that ran the vision models ended unexpectedly; it is being started anew.',
    remedy:
      'None needed if it comes back; otherwise see the reason in the log, which is often too little memory.',
  },
  // Messages
  MESSAGE_INVALID: {
    status: 422,
    meaning: 'A message does not have the form of its event; it is in the dead-letter queue with the reason.',
    remedy: 'Compare it with docs/events.md; mend the sender.',
  },
  MESSAGE_UNHANDLED: {
    status: 422,
    meaning: 'A message arrived for which this service has no handler.',
    remedy: 'Run the same version of all services.',
  },
  ATTEMPTS_EXHAUSTED: {
    status: 503,
    meaning: 'A message could not be handled after all its attempts; it is in the dead-letter queue.',
    remedy: 'See the reason in its x-reason header; mend the cause and move it back.',
  },
  BROKER_UNAVAILABLE: {
    status: 503,
    meaning: 'The message broker cannot be reached.',
    remedy: 'Events are kept and sent later; check RabbitMQ and RABBITMQ_URL.',
  },
  BROKER_REFUSED: {
    status: 503,
    meaning: 'The message broker did not confirm a message.',
    remedy: 'None needed: the message is sent again. If it lasts, look for alarms in RabbitMQ.',
  },
  OUTBOX_FULL: {
    status: 503,
    meaning: 'So many events wait for the message broker that no more are kept.',
    remedy: 'Bring RabbitMQ back; what waits is sent first, then new events are taken again.',
  },
  HANDLER_MISSING: {
    status: 500,
    meaning: 'A service has no handler, or several, for a message of one of its queues.',
    remedy: 'Give each named key exactly one @EventPattern or @MessagePattern handler in the service.',
  },
  REPLY_TIMEOUT: {
    status: 504,
    meaning: 'The service that should answer did not do so in time.',
    remedy: 'Check that the recognition service is up (GET /health/ready on it) and try again.',
  },
  // Stores
  STORE_UNAVAILABLE: {
    status: 503,
    meaning: 'The data store cannot be reached or does not accept writes.',
    remedy:
      'Check MongoDB (MONGODB_URI) or, in embedded mode, the disk below DATA_DIR. Nothing was half written.',
  },
  STORE_FULL: {
    status: 507,
    meaning: 'The disk of the data store is full.',
    remedy: 'Free space; nothing was half written and the request may be sent again.',
  },
  STORE_CORRUPT: {
    status: 500,
    meaning: 'The file of the data store is damaged, of a newer version, or no database of Regulars.',
    remedy: 'Stop Regulars and restore DATA_DIR/regulars.db from a backup, as docs/persistence.md describes.',
  },
  VALUE_TAKEN: {
    status: 409,
    meaning: 'Another document holds this value already, and it may exist once only.',
    remedy: 'Choose another value.',
  },
  DOCUMENT_INVALID: {
    status: 500,
    meaning: 'A document, change or condition does not have a form that can be stored.',
    remedy: 'Mend the calling code: the path and the reason are named.',
  },
  QUERY_NOT_INDEXED: {
    status: 500,
    meaning: 'A query asks for an order or a range that its collection has no index for.',
    remedy: 'Declare the index with the collection.',
  },
  REVISION_CONFLICT: {
    status: 409,
    meaning: 'The document was changed by somebody else in between.',
    remedy: 'Read it again and repeat the change.',
  },
  KEY_DESTROYED: {
    status: 410,
    meaning: "The person's key was destroyed by an erasure, so the data cannot be read any more.",
    remedy: 'None: this is what an erasure is for.',
  },
  // Forecasts
  HISTORY_TOO_SHORT: {
    status: 422,
    meaning: 'The sales reach back too short a time for what was asked.',
    remedy: 'Ask for fewer origins or a shorter horizon, or wait until there is more history.',
  },
  // Starting
  CONFIGURATION_INVALID: {
    status: 500,
    meaning: 'Environment variables are missing or wrong.',
    remedy: 'Set the variables that are named; docs/configuration.md lists them all.',
  },
  PORT_TAKEN: {
    status: 500,
    meaning: 'The port is in use by another program.',
    remedy: 'Stop that program, or set GATEWAY_PORT or HEALTH_PORT to another port.',
  },
  ALREADY_RUNNING: {
    status: 500,
    meaning: 'Regulars is running already in this folder.',
    remedy: 'Use the running one, or stop it first.',
  },
  RECORDING_INVALID: {
    status: 422,
    meaning: 'The recording cannot be read.',
    remedy: 'Make it anew with "npm run record".',
  },
  INTERNAL: {
    status: 500,
    meaning: 'An unforeseen error; its details are in the log under the same request id.',
    remedy: 'Send the request id and the log to the maintainers.',
  },
} as const satisfies Record<string, { status: number; meaning: string; remedy: string }>;
