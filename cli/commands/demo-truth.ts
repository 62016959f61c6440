/** `demo truth` and `demo score`: what really is in the city, and how well the pipeline sees it. */
import type { Command } from 'commander';

export function addTruthCommands(_demo: Command): void {}
