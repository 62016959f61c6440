/** The command line: parses, starts roles, and is otherwise a client of the API with a token. */
import { Command, CommanderError } from 'commander';
import { InvalidValueError } from '#models/schema/check.ts';
import { FAULTS, faultCodeOf } from '#models/schema/fault.ts';
import { addAreaCommands } from './commands/area.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addCalendarCommands } from './commands/calendar.ts';
import { addCameraCommands } from './commands/camera.ts';
import { addChannelCommands } from './commands/channel.ts';
import { addCoverageCommands } from './commands/coverage.ts';
import { addDashboardsCommand } from './commands/dashboards.ts';
import { addDetectCommand } from './commands/detect.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addModelCommands } from './commands/model.ts';
import { addPeopleCommands } from './commands/people.ts';
import { addProjectCommands } from './commands/project.ts';
import { addRoleCommands } from './commands/role.ts';
import { addRuleCommands } from './commands/rule.ts';
import { addSiteCommands } from './commands/site.ts';
import { addSqlCommand } from './commands/sql.ts';
import { addSubscriptionCommands } from './commands/subscription.ts';
import { addTableCommands } from './commands/table.ts';

/** A problem was found (a sick part, a failed check): exit code 1 without an error message of its own. */
const EXIT_PROBLEM = 1;
const EXIT_USAGE = 2;

function buildProgram(): Command {
  const program = new Command('./sharp-eyes')
    .description('Turns fixed cameras into counted, located, explained events.')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showSuggestionAfterError(true)
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride();
  addSiteCommands(program);
  addRoleCommands(program);
  addDetectCommand(program);
  addCameraCommands(program);
  addAreaCommands(program);
  addCoverageCommands(program);
  addCalendarCommands(program);
  addRuleCommands(program);
  addModelCommands(program);
  addTableCommands(program);
  addSqlCommand(program);
  addDashboardsCommand(program);
  addPeopleCommands(program);
  addChannelCommands(program);
  addSubscriptionCommands(program);
  addAuditCommands(program);
  addBackupCommands(program);
  addDoctorCommand(program);
  addProjectCommands(program);
  for (const command of allCommands(program)) command.exitOverride().showSuggestionAfterError(true);
  return program;
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

/** Prints what failed and what to do; returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  const code = faultCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const cure = (error as { cure?: string }).cure ?? FAULTS[code].cure;
  console.error(`sharp-eyes: ${message}`);
  if (code === 'internal' && error instanceof Error && error.stack !== undefined) console.error(error.stack);
  else console.error(`  what to do: ${cure}  [${code}]`);
  return code === 'config-invalid' || code === 'invalid-value' || error instanceof InvalidValueError
    ? EXIT_USAGE
    : EXIT_PROBLEM;
}

// `… | head` closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

try {
  const program = buildProgram();
  if (process.argv.length <= 2) program.help();
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
