#!/usr/bin/env node
import { buildProgram } from './program/build-program.ts';
import { run } from './program/run.ts';

buildProgram(run).parse();
