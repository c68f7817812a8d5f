/** The targets of docker/Dockerfile that everybody builds, in its order. Each becomes `podline/<target>:<tag>`. */
export const TARGETS = ['cli', 'caretaker', 'summarizer', 'transcriber-openai', 'downloader', 'transcriber-whisper'];

/** Built only when asked for: its bases are gigabytes. It becomes `podline/transcriber-whisper:<tag>-cuda`. */
export const CUDA_TARGET = 'transcriber-whisper-cuda';

/**
 * @typedef {object} ImageOptions
 * @property {string} tag
 * @property {string} registry what stands before `podline/`, such as `ghcr.io/me/`; empty for none
 * @property {string} version for the image's label
 * @property {string} revision commit, for the image's label
 */

/** @param {string} target @param {Pick<ImageOptions, 'tag' | 'registry'>} options */
export function imageName(target, { tag, registry }) {
  if (target === CUDA_TARGET) return `${registry}podline/transcriber-whisper:${tag}-cuda`;
  return `${registry}podline/${target}:${tag}`;
}

/**
 * The arguments that docker build, podman build and buildah build all understand.
 * @param {string} target
 * @param {ImageOptions} options
 * @returns {string[]}
 */
export function buildArguments(target, options) {
  return [
    ...['-t', imageName(target, options)],
    ...['-f', 'docker/Dockerfile', '--target', target],
    ...['--build-arg', `VERSION=${options.version}`, '--build-arg', `REVISION=${options.revision}`],
    '.',
  ];
}
