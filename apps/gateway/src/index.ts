export { startGateway, type RunningGateway } from './gateway.js';
export { createOwnerToken } from './sign-in/owner-token.js';
