/** Shows the view that the address names; each is loaded when it is first opened. */
import { lazy, type ReactNode, Suspense } from 'react';
import { usePlace, type ViewName, type ViewProps } from './view.ts';

const Workspace = lazy(async () => ({ default: (await import('./workspace.tsx')).Workspace }));
const WallPage = lazy(async () => ({ default: (await import('../live/wall-page.tsx')).WallPage }));
const CamerasPage = lazy(async () => ({ default: (await import('../onboarding/cameras-page.tsx')).CamerasPage }));
const GridsPage = lazy(async () => ({ default: (await import('../grids/grids-page.tsx')).GridsPage }));
const CoveragePage = lazy(async () => ({ default: (await import('../coverage/coverage-page.tsx')).CoveragePage }));
const AlertsPage = lazy(async () => ({ default: (await import('../alerts/alerts-page.tsx')).AlertsPage }));
const RulesPage = lazy(async () => ({ default: (await import('../rules/rules-page.tsx')).RulesPage }));
const HealthPage = lazy(async () => ({ default: (await import('../health/health-page.tsx')).HealthPage }));
const OperationsPage = lazy(async () => ({
  default: (await import('../operations/operations-page.tsx')).OperationsPage,
}));
const DashboardPage = lazy(async () => ({ default: (await import('../dashboard/dashboard-page.tsx')).DashboardPage }));
const TablePage = lazy(async () => ({ default: (await import('../table/table-page.tsx')).TablePage }));

export function Shell({ fallback, ...props }: ViewProps & { fallback: ReactNode }) {
  const { view } = usePlace();
  return (
    <Suspense fallback={fallback} key={view}>
      <View view={view} {...props} />
    </Suspense>
  );
}

function View({ view, ...props }: ViewProps & { view: ViewName }) {
  switch (view) {
    case 'map':
      return <Workspace {...props} />;
    case 'alerts':
      return <AlertsPage {...props} />;
    case 'rules':
      return <RulesPage {...props} />;
    case 'live':
      return <WallPage {...props} />;
    case 'cameras':
      return <CamerasPage {...props} />;
    case 'grids':
      return <GridsPage {...props} />;
    case 'coverage':
      return <CoveragePage {...props} />;
    case 'health':
      return <HealthPage {...props} />;
    case 'operations':
      return <OperationsPage {...props} />;
    case 'dashboard':
      return <DashboardPage {...props} />;
    case 'table':
      return <TablePage {...props} />;
  }
}
