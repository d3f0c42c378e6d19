import './jitless.js';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { takeToken } from './session.js';
import { ErrorBoundary } from './ui/error-boundary.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/forms.css';
import './styles/dialog.css';
import './styles/frame.css';
import './styles/panels.css';
import './styles/live.css';
import './styles/cameras.css';
import './styles/customers.css';
import './styles/today.css';
import './styles/value.css';
import './styles/charts.css';
import './styles/strangers.css';
import './styles/satisfaction.css';

const token = takeToken(window.location, window.history, window.sessionStorage);
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <ErrorBoundary>
      <App initialToken={token} />
    </ErrorBoundary>,
  );
}
