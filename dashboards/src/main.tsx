/** The page: opens the session, then draws; or, at /division, the public page, which has none. */
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openSession } from './sign-in/session.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');
if (/\/division\/?$/.test(location.pathname)) {
  const { PublicDivision } = await import('./grids/public-division.tsx');
  createRoot(root).render(<PublicDivision />);
} else createRoot(root).render(<App opening={openSession()} />);
