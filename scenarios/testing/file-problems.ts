/** What is wrong with the text of a scenario file, as its reader tells it: a line a problem, nothing for a sound one. */
import { parseScenario } from '../file/load.ts';
import { ScenarioError } from '../file/problems.ts';

export function problemsOf(yaml: string): readonly string[] {
  try {
    parseScenario(yaml, 'a.yaml');
  } catch (error) {
    if (error instanceof ScenarioError) return error.lines;
    throw error;
  }
  return [];
}
