/** What the page says of masks in pictures, in English and Chinese. */

export const englishMasks = {
  pictures: 'This camera has privacy masks: pictures instead of video, with the masked parts blank',
};

export const chineseMasks: typeof englishMasks = {
  pictures: '该摄像机设有隐私遮挡：以图片代替视频，遮挡部分为黑色',
};
