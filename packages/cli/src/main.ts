#!/usr/bin/env node
import './node-version.ts';
import './dirname.ts';
import { program } from './program.ts';

process.exitCode = await program(process.argv, process.stdout);
