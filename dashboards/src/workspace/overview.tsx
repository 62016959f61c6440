/** The panel of the whole site: what is there now, what was there in the range, and the cameras. */
import { CameraList } from '../cameras/camera-list.tsx';
import type { PresentNow } from '../detections/present-now.ts';
import { Headline } from '../summary/headline.tsx';
import { RangeSummary } from '../summary/range-summary.tsx';
import { SiteSentences } from './site-sentences.tsx';
import { StoodOut } from './stood-out.tsx';
import type { Figures } from './use-figures.ts';

type OverviewProps = {
  figures: Figures;
  present: PresentNow | undefined;
  chosenId: string | null;
  onChoose: (camera: string | null) => void;
  onSignedOut: () => void;
};

export function Overview({ figures, present, chosenId, onChoose, onSignedOut }: OverviewProps) {
  const list = (
    <CameraList
      cameras={figures.cameras}
      areas={figures.areas.data}
      site={figures.site.data}
      chosenId={chosenId}
      onChoose={onChoose}
    />
  );
  // Before the first camera how to add one is what matters; there is hardly a range to sum up.
  const isBare = figures.cameras.data?.length === 0;
  return (
    <div className="overview">
      <Headline present={present} cameras={figures.cameras.data} />
      <SiteSentences site={figures.site.data} />
      {isBare ? (
        list
      ) : (
        <StoodOut
          isReady={figures.heat.data !== undefined}
          nameOf={(id) => figures.cameras.data?.find((camera) => camera.id === id)?.name ?? id}
          onSignedOut={onSignedOut}
        />
      )}
      <RangeSummary summary={figures.summary} zone={figures.zone} />
      {isBare ? null : list}
    </div>
  );
}
