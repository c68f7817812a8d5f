import type { Command } from 'commander';

/** Command lines worth copying, by command, for its help and for docs/cli.md; what follows a `#` explains. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  up: [
    'podline up                           # the sample episode',
    'podline up https://example.com/feed  # the newest episode of a feed',
    'podline up --idle                    # only the services; publish to them from elsewhere',
  ],
  submit: [
    'podline submit https://example.com/episode.mp3',
    'podline submit https://example.com/feed.xml --latest 10 --lane bulk',
    "podline submit talk.m4a --title 'A talk' --language de",
    'podline submit recordings/                       # every audio file in it and below',
    'ffmpeg -i talk.mkv -f flac - | podline submit -  # standard input',
    'podline submit s3://bucket/episodes/             # every audio file below',
    'podline submit https://example.com/feed.xml --latest 50 --provider openai --dry-run',
  ],
  watch: [
    'podline watch                                      # all that is at work, until it is finished',
    'podline watch sample-episode                       # with a map of its chunks',
    'podline watch --feed https://example.com/feed.xml  # one feed',
    "podline watch --json | jq -c '.totals // empty'    # for programs",
  ],
  status: [
    'podline status                 # all episodes, newest first, with totals',
    'podline status sample-episode  # one in full, with what went wrong',
    'podline status --json | jq -r \'.episodes[] | select(.status == "failed") | .episodeId\'',
  ],
  bump: ['podline bump sample-episode'],
  resume: ['podline resume --all'],
  resummarize: ['podline resummarize sample-episode --provider openai --model gpt-4o-mini'],
  get: [
    'podline get sample-episode',
    'podline get sample-episode --format srt > sample.srt',
    "podline get sample-episode --json | jq '.segments[0]'",
  ],
  pull: [
    'podline pull --all --out transcripts/',
    'podline pull sample-episode  # a file that is there and differs is kept, and the exit code is 1',
    'podline pull --feed https://example.com/feed.xml --force',
  ],
  search: [
    'podline search lighthouse keeper            # both words within half a minute',
    `podline search '"light ship" storm' --feed https://example.com/feed.xml`,
    "podline search Müggelsee --json | jq -r '.[].link'",
  ],
  'feed add': [
    'podline feed add https://example.com/feed.xml --latest 5',
    "podline feed add https://example.com/feed.xml --since 2026-01-01 --match 'interview' --provider openai --budget 5",
  ],
  'feed import': ['podline feed import podcasts.opml --lane bulk'],
  'feed export': ['podline feed export > podcasts.opml'],
  'feed publish': [
    'podline feed publish https://example.com/feed.xml --out site/ --base-url https://example.com/transcripts',
  ],
  doctor: ['podline doctor'],
  verify: ['podline verify --provider openai --timeout 60'],
  'log-level': ['podline log-level debug --service downloader --minutes 5'],
  'dead replay': ['podline dead replay 7', 'podline dead replay --reason not-found'],
  'limits set': ['podline limits set openai.transcription requestsPerMinute=100 maxConcurrent=none'],
  'budget set': ['podline budget set monthlyDollars=50 whenReached=wait'],
  'model fetch': ['podline model fetch small-q5_1'],
  completion: [
    'source <(podline completion bash)                     # this shell only',
    'podline completion bash > ~/.local/share/bash-completion/completions/podline',
    'podline completion zsh > "${fpath[1]}/_podline"',
    'podline completion fish > ~/.config/fish/completions/podline.fish',
  ],
};

/** Shows each command's examples at the end of its help. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  const examples = EXAMPLES[path.join(' ')];
  if (examples) command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);
  for (const one of command.commands) addExamples(one, [...path, one.name()]);
}
