import config from './jest.config.mjs';

/** The unit tests as the only project: the mutation tester takes no more. */
export default config.projects.find(({ displayName }) => displayName === 'unit');
