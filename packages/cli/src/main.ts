#!/usr/bin/env node
import './node-version.ts';
import './dirname.ts';
import { outliveReader } from './closed-reader.ts';
import { program } from './program.ts';

outliveReader(process.stdout);
outliveReader(process.stderr);
process.exitCode = await program(process.argv, process.stdout);
