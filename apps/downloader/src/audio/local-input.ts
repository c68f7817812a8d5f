/**
 * What may be read while a downloaded file is opened: that file. A playlist or reference movie must not make ffmpeg read
 * other files or fetch addresses, so protocols are limited to the file itself, and formats that name others are left out.
 */
export const LOCAL_INPUT = [
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  'aac,ac3,aiff,amr,asf,asf_o,au,avi,caf,eac3,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,opus,w64,wav,wv,ape,tta,amrnb,amrwb,oma,rm',
] as const;
