/** An icon for each view. */
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import type { ViewName } from './view.ts';

const DRAWN: Record<ViewName, ReactNode> = {
  map: <path d="M6 3 2.500 4.500v9L6 12l4 1.500 3.500-1.500v-9L10 4.500 6 3Zm0 0v9m4-7.500v9" />,
  live: (
    <>
      <rect x="1.8" y="4" width="8.400" height="8" rx="1.500" />
      <path d="m10.200 7 4-2v6l-4-2" />
    </>
  ),
  alerts: (
    <path d="M8 2.200a4 4 0 0 0-4 4v2.600L2.800 11h10.400L12 8.800V6.200a4 4 0 0 0-4-4ZM6.600 13.200a1.500 1.500 0 0 0 2.800 0" />
  ),
  dashboard: <path d="M2.500 2.500v11h11M5.500 10.500V8m3 2.500v-5m3 5V7" />,
  table: <path d="M2.500 3.500h11v9h-11ZM2.500 6.500h11m-11 3h11m-7-3v6" />,
  coverage: <path d="M2.800 8A5.200 5.200 0 0 1 8 2.800M8 8l5.200-2.200v4.400ZM2.800 8A5.200 5.200 0 0 0 8 13.200" />,
  cameras: (
    <>
      <path d="m2 4.800 8.800-1.600 1.600 4.400-8.800 1.600ZM4.500 9v3.500H2" />
      <path d="m12 6.200 2-.400" />
    </>
  ),
  grids: <path d="M8 1.800 13.400 5v6L8 14.200 2.600 11V5ZM8 1.800v6.200m0 0 5.400 3M8 8l-5.400 3" />,
  rules: <path d="M2.500 4.500h5m3 0h3m-11 7h2m3 0h6M9 2.800v3.400M5.500 9.800v3.400" />,
  channels: (
    <path d="M2.500 8h4m0 0 5-4.500M6.500 8l5 4.500M6.500 8h5m1.500-5h1v1h-1Zm0 4.500h1v1h-1Zm0 4.500h1v1h-1Z" />
  ),
  operations: <path d="M1.500 5h4v6h-4zM10.500 2h4v4h-4zM10.500 10h4v4h-4zM5.500 8h2.500M8 4v8M8 4h2.500M8 12h2.500" />,
  health: <path d="M1.500 8.500h3l2-5 3 9 2-4h3" />,
  kit: (
    <path d="M2.500 2.500h4.500v4.500H2.500Zm6.500 0h4.500v4.500H9ZM2.500 9h4.500v4.500H2.500ZM9 9h4.500v4.500H9Z" />
  ),
};

export const ViewIcon = ({ view, size = 18 }: { view: ViewName; size?: number }) => (
  <Icon size={size}>{DRAWN[view]}</Icon>
);

export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.200" />
    <path d="m10.200 10.200 3.500 3.500" />
  </Icon>
);
export const AllIcon = () => (
  <Icon size={18}>
    <path d="M2.500 4.500h11M2.500 8h11m-11 3.500h11" />
  </Icon>
);
export const PersonIcon = () => (
  <Icon>
    <circle cx="8" cy="5.400" r="2.600" />
    <path d="M3 13.500a5 5 0 0 1 10 0" />
  </Icon>
);
