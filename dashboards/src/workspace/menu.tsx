/** A choice behind one button: what is chosen stands on it, the rest opens below it and goes away by itself. */
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';

type MenuProps = {
  label: string;
  value: ReactNode;
  /** What a reader of the screen hears as the value. */
  valueText: string;
  /** Not what the page opens with. */
  isSet?: boolean;
  /** Of the button, instead of a menu's own, which has an arrow. */
  className?: string;
  children: (close: () => void) => ReactNode;
};

const GAP_PX = 6;
const EDGE_PX = 8;

/** Below the button, above it where there is no room; moved left as far as the window demands. */
function placeBelow(button: HTMLElement, popover: HTMLElement): void {
  const zoom = zoomOf(popover);
  const { left, top, bottom } = button.getBoundingClientRect();
  const [width, height] = [innerWidth / zoom, innerHeight / zoom];
  const most = width - popover.offsetWidth - EDGE_PX;
  popover.style.left = `${Math.max(EDGE_PX, Math.min(left / zoom, most))}px`;
  const isAbove = bottom > innerHeight / 2 && popover.offsetHeight > height - bottom / zoom;
  if (isAbove) {
    popover.style.bottom = `${height - top / zoom + GAP_PX}px`;
    popover.style.maxHeight = `${top / zoom - GAP_PX - EDGE_PX}px`;
  } else {
    popover.style.top = `${bottom / zoom + GAP_PX}px`;
    popover.style.maxHeight = `${height - bottom / zoom - GAP_PX - EDGE_PX}px`;
  }
}

/** By how much a wall of screens enlarges the page: measures of the window are not in the page's own pixels then. */
const zoomOf = (element: HTMLElement): number => element.currentCSSZoom ?? 1;

export function Menu({ label, value, valueText, isSet = false, className, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  // Only what has been drawn has a width.
  useLayoutEffect(() => {
    if (isOpen && button.current !== null && popover.current !== null) placeBelow(button.current, popover.current);
  }, [isOpen]);
  const close = () => popover.current?.hidePopover();
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className ?? `menu-button${isSet ? ' is-set' : ''}`}
        aria-label={`${label}: ${valueText}`}
        aria-expanded={isOpen}
        popoverTarget={id}
      >
        {value}
        {className === undefined && (
          <svg className="menu-arrow" width="8" height="5" viewBox="0 0 8 5" aria-hidden="true">
            <path d="m1 1 3 3 3-3" />
          </svg>
        )}
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        className="menu"
        role="dialog"
        aria-label={label}
        onToggle={(event) => setIsOpen(event.newState === 'open')}
      >
        {isOpen && children(close)}
      </div>
    </>
  );
}

/** Whether a menu is open: then Escape is its own. */
export const isMenuOpen = (): boolean => document.querySelector(':popover-open') !== null;

type MenuListProps<Value> = {
  label: string;
  options: readonly { value: Value; text: string; note?: string; icon?: ReactNode }[];
  value: Value;
  onChoose: (value: Value) => void;
};

export function MenuList<Value extends string | null>({ label, options, value, onChoose }: MenuListProps<Value>) {
  return (
    <fieldset className="menu-list">
      <legend className="unseen">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChoose(option.value)}
        >
          {option.icon}
          <span className="menu-text">
            <span>{option.text}</span>
            {option.note !== undefined && <span className="menu-note">{option.note}</span>}
          </span>
        </button>
      ))}
    </fieldset>
  );
}
