import type { Command } from 'commander';
import { budgetSet, budgetShow, budgetSpent } from '../commands/budget.ts';
import type { Run } from './run.ts';

/** `podline budget …`: what paid APIs may cost. */
export function addBudgetCommands(program: Command, run: Run): void {
  const budget = program
    .command('budget')
    .description('what may be spent on paid APIs in a month, for the whole cluster');
  budget
    .command('show')
    .option('--json', 'print JSON')
    .description('show what was spent this month, and what may be')
    .action((options: { json?: boolean }) => run(() => budgetShow(options)));
  budget
    .command('set')
    .argument('[settings...]', 'monthlyDollars=50 feedMonthlyDollars=5 whenReached=wait|fail; name=none takes one away')
    .option('--feed <url>', 'the budget of one feed: its amount in dollars, or none')
    .option('--anew', 'forget all earlier settings')
    .description('change the budget, in force at once')
    .action((settings: string[], options: { feed?: string; anew?: boolean }) =>
      run(() => budgetSet(settings, options)),
    );
  budget
    .command('spent')
    .argument('<dollars>')
    .option('--feed <url>', 'of one feed')
    .description('say what was spent this month, where that was lost')
    .action((dollars: string, options: { feed?: string }) => run(() => budgetSpent(dollars, options)));
}
