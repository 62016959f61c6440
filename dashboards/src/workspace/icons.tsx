/** The page's icons: 16 x 16, drawn with strokes in the colour of the text. */
import type { ReactNode } from 'react';
import type { Kind } from '#models/schema/kind.ts';

export function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

export const PlusIcon = () => (
  <Icon>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);
export const MinusIcon = () => (
  <Icon>
    <path d="M3 8h10" />
  </Icon>
);
export const FitIcon = () => (
  <Icon>
    <path d="M2.5 6V2.500H6M10 2.500h3.500V6M13.5 10v3.500H10M6 13.500H2.500V10" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m3.5 3.5 9 9m0-9-9 9" />
  </Icon>
);
export const BackIcon = () => (
  <Icon>
    <path d="M9.5 3.5 5 8l4.5 4.5" />
  </Icon>
);
export const SunIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.500v1.500M8 13v1.500M1.5 8H3M13 8h1.500M3.4 3.400l1.1 1.100M11.5 11.500l1.1 1.100M3.4 12.600l1.1-1.100M11.5 4.500l1.1-1.1" />
  </Icon>
);
export const MoonIcon = () => (
  <Icon>
    <path d="M13 9.800A5.6 5.6 0 0 1 6.2 3a5.6 5.6 0 1 0 6.8 6.800Z" />
  </Icon>
);
export const LeaveIcon = () => (
  <Icon>
    <path d="M6.5 2.500h-4v11h4M10 5l3 3-3 3M13 8H6" />
  </Icon>
);
export const SaveIcon = () => (
  <Icon>
    <path d="M5.2 4.500 6.300 2.800h3.400l1.100 1.700h2.400c.5 0 .8.3.8.8v6.900c0 .5-.3.8-.8.8H2.800c-.5 0-.8-.3-.8-.8V5.300c0-.5.3-.8.8-.8Z" />
    <circle cx="8" cy="8.6" r="2.4" />
  </Icon>
);
export const PlayIcon = () => (
  <Icon>
    <path d="M5 3.200v9.600l7.500-4.800Z" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <path d="M5.500 3.500v9M10.500 3.500v9" />
  </Icon>
);
export const ExportIcon = () => (
  <Icon>
    <path d="M8 2.500v7.500M5 7l3 3 3-3M2.500 10.500v3h11v-3" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <path d="M3.500 8h.01M8 8h.01M12.500 8h.01" strokeWidth="2.4" />
  </Icon>
);
export const LinkIcon = () => (
  <Icon>
    <path d="M6.700 9.300a2.700 2.700 0 0 0 3.900.1l2.100-2.100a2.700 2.700 0 0 0-3.900-3.900l-.8.8M9.300 6.700a2.700 2.700 0 0 0-3.900-.1L3.300 8.700a2.700 2.700 0 0 0 3.900 3.900l.8-.8" />
  </Icon>
);
export const PrintIcon = () => (
  <Icon>
    <path d="M4.500 6V2.500h7V6M4.500 11.500h-2V6h11v5.500h-2M4.500 9.500h7v4h-7Z" />
  </Icon>
);
export const StarIcon = () => (
  <Icon>
    <path d="m8 2.200 1.800 3.700 4 .5-3 2.800.8 4L8 11.200l-3.600 2 .8-4-3-2.800 4-.5Z" />
  </Icon>
);
export const BoxIcon = () => (
  <Icon>
    <path d="M2.5 5V2.500H5M11 2.500h2.500V5M13.5 11v2.500H11M5 13.500H2.500V11" />
    <circle cx="8" cy="8" r="1.6" />
  </Icon>
);

const wheels = (left: number, right: number, r: number) => (
  <>
    <circle cx={left} cy={11.5} r={r} />
    <circle cx={right} cy={11.5} r={r} />
  </>
);

const kindShapes: Record<Kind, ReactNode> = {
  person: (
    <>
      <circle cx="8" cy="3.6" r="1.9" />
      <path d="M4.5 14v-3.500A3.5 3.5 0 0 1 8 7a3.5 3.5 0 0 1 3.5 3.500V14" />
    </>
  ),
  bicycle: (
    <>
      <circle cx="3.8" cy="10.5" r="2.6" />
      <circle cx="12.2" cy="10.5" r="2.6" />
      <path d="M3.8 10.5 6.2 5.500h4l2 5M6.2 5.5 8.3 10.500l1.9-5M5 5.500h2M10.2 5.5 9.7 3.500h1.8" />
    </>
  ),
  motorcycle: (
    <>
      <circle cx="3.6" cy="11" r="2.2" />
      <circle cx="12.4" cy="11" r="2.2" />
      <path d="M5.8 11h3l1.7-4h-5L3.6 8.800M10.5 7l1.9 4M10.5 7 9.7 4h2" />
    </>
  ),
  car: (
    <>
      <path d="M3.5 11.500H1.800V8.800l1.7-.8 1.6-3h5l2.3 3 1.8.8v2.700h-1.700M5.9 11.500h4.200M3.5 8h8.9" />
      {wheels(4.7, 11.3, 1.2)}
    </>
  ),
  bus: (
    <>
      <path d="M3.3 11.500H1.800v-8h12.400v8h-1.500M5.7 11.500h4.600M1.8 7.500h12.400M6 3.500v4M10 3.500v4" />
      {wheels(4.5, 11.5, 1.2)}
    </>
  ),
  truck: (
    <>
      <path d="M3.3 11.500H1.500V4h7.800v7.500M9.3 6.500h2.700l2.5 2.700v2.300h-1.800M5.7 11.500h4.6" />
      {wheels(4.5, 11.5, 1.2)}
    </>
  ),
};

export function KindIcon({ kind, size = 16 }: { kind: Kind; size?: number }) {
  return <Icon size={size}>{kindShapes[kind]}</Icon>;
}
