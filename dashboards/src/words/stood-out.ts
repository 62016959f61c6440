/** What the map's panel says of the last seven days, in English and Chinese. */

export const englishStoodOut = {
  title: 'Unlike normal, last 7 days',
  nothing: 'Nothing was far from what is normal for its hour of the week.',
  noNormal: 'What is normal is known once cameras have watched for three weeks.',
  against: (atOnce: string, normal: string) => `${atOnce} at once, ${normal} is normal`,
  allWatched: (all: number) => (all === 1 ? 'The camera watched all the time' : `All ${all} cameras watched`),
  seldomWatched: (seldom: number, all: number) => `${seldom} of ${all} cameras watched less than 99 % of it`,
};

export const chineseStoodOut: typeof englishStoodOut = {
  title: '近 7 天与常态不同之处',
  nothing: '各处均与该周内小时的常态相近。',
  noNormal: '摄像机观测满三周后才能判断常态。',
  against: (atOnce, normal) => `同时 ${atOnce}，常态 ${normal}`,
  allWatched: (all) => `${all} 台摄像机全程观测`,
  seldomWatched: (seldom, all) => `${all} 台摄像机中有 ${seldom} 台观测不足 99 %`,
};
