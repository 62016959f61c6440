/** The page: opens the session, then draws. */
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openSession } from './sign-in/session.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(<App opening={openSession()} />);
