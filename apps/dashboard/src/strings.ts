import { customerStrings } from './strings-customers.js';
import { forecastStrings } from './strings-forecast.js';
import { satisfactionStrings } from './strings-satisfaction.js';
import { identityStrings } from './strings-identity.js';
import { recogniserStrings } from './strings-recognisers.js';
import { saleEventStrings, salesStrings } from './strings-sales.js';
import { strangerStrings } from './strings-strangers.js';
import { valueStrings } from './strings-value.js';

/** Every word the page says, in English. A translation is another object of this shape; those about customers
 *  and their consent stand in strings-customers.ts. */
export const strings = {
  identity: identityStrings,
  recognisers: recogniserStrings,
  locale: 'en-GB',
  product: 'Regulars',
  nav: {
    label: 'Pages',
    live: 'Live',
    customers: 'Customers',
    strangers: 'Strangers',
    today: 'Today',
    satisfaction: 'Satisfaction',
    value: 'Value',
    forecast: 'Forecast',
    sales: 'Sales',
  },
  skip: 'Skip to the content',
  signOut: 'Sign out',
  close: 'Close',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  loading: 'Loading',
  time: {
    today: 'today',
    minutes: (count: number) =>
      count < 1
        ? 'under a minute'
        : count < 60
          ? `${count} min`
          : `${Math.floor(count / 60)} h ${count % 60} min`,
  },
  people: {
    unnamed: 'A regular',
    aRegular: 'a regular',
    aGuest: 'A guest',
    somebody: 'Somebody',
    stranger: (label: string) => `Stranger ${label}`,
    guest: 'guest',
    undecided: 'looking…',
  },
  mood: { satisfied: 'satisfied', neutral: 'neutral', dissatisfied: 'dissatisfied' },
  noMood: 'not judged yet',
  abstained: {
    'too-small': 'too far away',
    blurred: 'blurred',
    profile: 'seen from the side',
    covered: 'face covered',
    'too-dark': 'too dark',
    disagreeing: 'two views disagree',
    unsure: 'not sure',
  },
  link: {
    connecting: 'Connecting',
    open: 'Live',
    lost: 'Reconnecting',
    lostNotice: (since: string) =>
      `No connection to Regulars since ${since}. The page reconnects by itself and then catches up.`,
  },
  signIn: {
    title: 'Welcome to Regulars',
    lead: 'Sign in with the access token that was printed when Regulars first started.',
    token: 'Access token',
    submit: 'Sign in',
    checking: 'Signing in…',
    wrong: 'This token is not valid. It may have been mistyped or replaced by a newer one.',
    wrongRemedy: 'For a new one, run “npm run token -- --new” where Regulars is installed.',
    expired:
      'This access token is not valid, or no longer valid. Sign in with the newest one; “npm run token -- --new” makes another.',
    privacy: 'The token stays in this browser tab and is forgotten when you close it.',
  },
  cameras: {
    title: 'Cameras',
    add: 'Add a camera',
    remove: (name: string) => `Remove ${name}`,
    removeTitle: (name: string) => `Remove ${name}?`,
    removeText: 'Regulars stops looking through this camera. Visits that it saw are kept.',
    removeConfirm: 'Remove camera',
    countOnly: 'Counts only',
    pictureOf: (name: string) => `Live picture of ${name}`,
    waiting: 'Waiting for the first picture',
    cutOff: 'Last picture',
    state: {
      connecting: () => 'Connecting',
      live: () => 'Live',
      stalled: (since: string) => `Stalled since ${since}`,
      gone: (since: string) => `Gone since ${since}`,
    },
    fault: {
      CAMERA_SOURCE_REFUSED: {
        what: 'This source is not of a kind that is allowed.',
        todo: 'Remove it here and add it with an rtsp address, a device number or an allowed file.',
      },
      CAMERA_UNREACHABLE: {
        what: 'The camera does not answer.',
        todo: 'Check its power, network cable and address. Regulars keeps trying.',
      },
      CAMERA_UNAUTHORISED: {
        what: 'The camera refuses the user name or password.',
        todo: 'Remove it here and add it again with the right ones.',
      },
      CAMERA_UNREADABLE: {
        what: 'The camera sends no video that can be shown.',
        todo: 'Choose its H.264 or H.265 stream, or another file.',
      },
      CAMERA_STALLED: {
        what: 'No new picture is coming.',
        todo: 'It may come back by itself. If not, restart the camera.',
      },
      FFMPEG_MISSING: {
        what: 'The program that reads cameras (ffmpeg) is not installed.',
        todo: 'Run “npm run doctor” where Regulars is installed.',
      },
      removed: { what: 'This camera was removed.', todo: 'Add it again if it is still needed.' },
      shutdown: {
        what: 'Regulars stopped reading this camera.',
        todo: 'It comes back when Regulars runs again.',
      },
    },
    unknownFault: { what: 'This camera sends no pictures.', todo: 'Regulars keeps trying.' },
    emptyTitle: 'Add your first camera',
    emptyText:
      'Regulars looks through cameras you already have. Within seconds you see who comes in, here on this page.',
    loadFailed: 'The cameras could not be loaded.',
  },
  cameraForm: {
    title: 'Add a camera',
    name: 'Name',
    nameHint: 'What you call it, such as Entrance or Till',
    id: 'Short id',
    idHint: 'Lower-case letters, digits and hyphens',
    source: 'Where its picture comes from',
    sourceHint: 'rtsp://user:password@address/stream, 0 for the webcam of the server, or a video file’s path',
    mode: 'What it may do',
    members: 'Recognise regulars',
    membersHint: 'Customers who agreed are greeted by name; everybody else stays a guest.',
    returning: 'Recognise regulars, and strangers who come again',
    returningHint:
      'Strangers get a number of their own for some weeks. Ask first whether your law allows it.',
    day: 'Tell people apart for a day',
    dayHint: 'Nobody is recognised. Numbers of strangers are destroyed at midnight.',
    count: 'Only count people',
    countHint: 'No face is compared or stored.',
    submit: 'Add camera',
    exists: 'A camera with this short id is there already. Choose another one.',
    errors: {
      name: 'Give the camera a name of at most 80 characters.',
      cameraId: 'Use 1 to 40 lower-case letters, digits or inner hyphens.',
      source: 'Say where the picture comes from, in at most 500 characters.',
    } as Readonly<Record<string, string>>,
  },
  faces: {
    identified: (name: string) => `${name}, open in customers`,
    guest: 'Guest. Choose this face to make them a regular',
    undecided: 'Not decided yet. Choose this face to make them a regular',
    forCustomer: (name: string) => `Use this face for ${name}`,
  },
  here: {
    title: 'Here now',
    regulars: (count: number) => (count === 1 ? '1 regular' : `${count} regulars`),
    guests: (count: number) => (count === 1 ? '1 guest' : `${count} guests`),
    since: (time: string) => `since ${time}`,
    nobody: 'Nobody is in the shop right now.',
    onlyGuests: 'Click a guest’s face in the picture to make them a regular.',
  },
  stream: {
    title: 'What happened',
    pause: 'Pause',
    resume: (count: number) => (count === 0 ? 'Resume' : `Resume, ${count} new`),
    everything: 'Details',
    empty: 'As soon as somebody comes in, you read it here.',
  },
  events: {
    gap: 'Some events were missed while the connection was away',
    cameIn: (name: string) => `${name} came in`,
    left: (name: string, minutes: number, mood: string | null) =>
      `${name} left after ${strings.time.minutes(minutes)}${mood === null ? '' : `, ${mood}`}`,
    seen: (name: string) => `${name} stepped into view`,
    recognised: (name: string) => `${name} was recognised`,
    notRecognised: (kind: 'stranger' | 'undecided') =>
      kind === 'stranger' ? 'A guest: nobody we know' : 'Too little seen to tell who it was',
    outOfSight: (name: string) => `${name} went out of view`,
    looked: (name: string, mood: string) => `${name} looked ${mood}`,
    alert: {
      'dissatisfied-at-till': (name: string, tillId: string) =>
        `${name} has looked dissatisfied at the till ${tillId} for a while`,
    },
    notJudged: (name: string, reason: string) => `${name}: expression not judged (${reason})`,
    merged: 'Two visits turned out to be one person',
    camera: {
      connecting: (name: string) => `${name} is connecting`,
      live: (name: string) => `${name} is live`,
      stalled: (name: string) => `${name} sends no new picture`,
      gone: (name: string) => `${name} is gone`,
    },
    customer: {
      created: (name: string) => `A regular was added: ${name}`,
      renamed: (name: string) => `A regular was renamed: ${name}`,
      erased: () => 'A regular’s data were erased',
      enrolled: (name: string) => `New photographs of ${name}`,
      unenrolled: (name: string) => `Photographs of ${name} were removed`,
    },
    cameras: {
      added: (name: string) => `Camera added: ${name}`,
      changed: (name: string) => `Camera changed: ${name}`,
      removed: (name: string) => `Camera removed: ${name}`,
    },
    ...saleEventStrings,
  },
  ...customerStrings,
  ...valueStrings,
  ...forecastStrings,
  ...salesStrings,
  ...satisfactionStrings,
  strangers: strangerStrings,
  today: {
    title: 'Today',
    visits: 'Visits',
    regulars: 'Regulars',
    guests: 'Guests',
    satisfied: 'Satisfied',
    ofJudged: (count: number) => (count === 1 ? 'of 1 visit judged' : `of ${count} visits judged`),
    noneJudged: 'no visit judged yet',
    hereNow: (count: number) => `${count} here now`,
    distinct: 'different people',
    unknown: 'seen, but not known',
    atLeast: 'at least',
    between: (low: number, high: number) => `between ${low} and ${high}`,
    unboundedAbove: (low: number) => `${low} or more: a camera saw nothing all day`,
    why: (doubled: number, unjudged: number, unseen: number, joined: number) =>
      [
        doubled === 0 ? '' : `${doubled} may be somebody counted before`,
        unjudged === 0 ? '' : `${unjudged} were never seen well enough to count`,
        unseen === 0 ? '' : `up to ${unseen} may have come while a camera was away`,
        joined === 0 ? '' : `${joined} may be two, as a camera was away in between`,
      ]
        .filter((part) => part !== '')
        .join('; '),
    hours: 'When they came',
    hoursLabel: (parts: string) => `Visits by the hour. ${parts}`,
    hourPart: (hour: string, count: number) => `${hour}: ${count}`,
    attendance: 'Attendance',
    attendanceHint: 'One line for each regular, however often they came.',
    csv: 'Download CSV',
    emptyAttendance: 'No regular has come in yet today.',
    columns: { name: 'Name', first: 'First seen', visits: 'Visits', mood: 'Last mood' },
    outages: 'Outages',
    outagesHint:
      'While a camera is away nobody is counted there, so today’s numbers are at least, not exactly.',
    outageOpen: (camera: string, from: string) => `${camera} has sent no picture since ${from}`,
    outageOver: (camera: string, from: string, to: string) => `${camera} was away from ${from} to ${to}`,
    noCameras: 'There is no camera yet, so nobody is counted.',
    noOutages: 'All cameras are seeing. No outage today.',
    emptyTitle: 'Nobody has come in yet today',
    emptyText: 'Visits appear here as soon as a camera sees somebody.',
    incomplete: 'There are more visits than this page reads; the numbers are at least.',
    loadFailed: 'Today’s visits could not be loaded.',
  },
  errors: {
    network: 'Regulars cannot be reached.',
    networkRemedy: 'Check that it is running and that this device is on the shop’s network.',
    version: 'This page and Regulars are of different versions.',
    versionRemedy: 'Reload the page.',
    page: 'This part of the page stopped working.',
    pageRemedy: 'Nothing is lost. Try again, or reload the page.',
  },
};
