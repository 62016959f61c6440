/** What the tokens of styles/tokens.css look like: colours as swatches, spaces as bars, corners, type as a word in its size. */

const COLOURS = [
  ...['paper', 'paper-2', 'paper-3', 'ground', 'line', 'line-2', 'control-line', 'ink', 'ink-2', 'ink-3'],
  ...['accent', 'accent-soft', 'good', 'warn', 'warn-soft', 'bad', 'bad-soft'],
  ...['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'],
];
const SPACES = ['space-1', 'space-2', 'space-3', 'space-4', 'space-5'];
const SIZES = [
  ...['text-fine', 'text-small', 'text-note', 'text', 'text-large', 'text-title'],
  ...['text-head', 'text-figure', 'text-huge'],
];
const RADII = ['radius-tiny', 'radius-small', 'radius-middle', 'radius', 'radius-round'];

export const ColourSwatches = () => (
  <ul className="kit-swatches">
    {COLOURS.map((name) => (
      <li key={name}>
        <i style={{ background: `var(--${name})` }} />
        <code>{name}</code>
      </li>
    ))}
  </ul>
);

export const TypeSamples = ({ text }: { text: string }) => (
  <>
    <ul className="kit-row">
      {SPACES.map((name) => (
        <li key={name} className="kit-space">
          <i style={{ width: `var(--${name})` }} />
          <code>{name}</code>
        </li>
      ))}
    </ul>
    <ul className="kit-row">
      {RADII.map((name) => (
        <li key={name} className="kit-space">
          <i className="kit-corner" style={{ borderRadius: `var(--${name})` }} />
          <code>{name}</code>
        </li>
      ))}
    </ul>
    <ul className="kit-row is-base">
      {SIZES.map((name) => (
        <li key={name}>
          <span style={{ fontSize: `var(--${name})` }}>{text}</span> <code>{name}</code>
        </li>
      ))}
    </ul>
  </>
);
