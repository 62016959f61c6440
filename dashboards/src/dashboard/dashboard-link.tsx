/** The way from any other view to the dashboard of an area, a camera or a rule. */
import { useWords } from '../words/language.tsx';
import { dashboardHref, type SubjectRef } from './asked.ts';

export function DashboardLink({ to, name }: { to: SubjectRef; name: string }) {
  const words = useWords();
  return (
    <a className="dashboard-link" href={dashboardHref(to)}>
      {words.dashboard.ofPlace(name)}
    </a>
  );
}
