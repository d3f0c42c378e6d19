export { randomOf as seededRandom } from '@regulars/contracts/random';
