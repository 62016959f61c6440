/** What the page says of a simulated past, in English and Chinese. */

export const englishPast = {
  simulated: (span: string) => `Figures of ${span} are simulated: the demo wrote them, no camera saw them.`,
};

export const chinesePast: typeof englishPast = {
  simulated: (span) => `${span} 的数字是模拟的：由演示写入，并非摄像机所见。`,
};
