import { rename } from 'node:fs/promises';
import { editSource } from '../scripts/setup/engine/edit-source.mjs';
import { fetchWhisperSource } from '../scripts/setup/whisper-source.mjs';
import { searchDirectories } from '../scripts/setup/paths.mjs';

/** Leaves whisper.cpp's source, checked against its pinned hash, and with podline's changes, in the folder `whisper.cpp`. Run by the Dockerfile. */
const folders = searchDirectories(process.env);
const source = await fetchWhisperSource(process.cwd(), { env: process.env, folders });
await editSource(source);
await rename(source, 'whisper.cpp');
