import { FunctionError } from "../lib";

const MAX_LENGTH = 64;
const VALID = /^(?=.*[a-zA-Z0-9])[a-zA-Z_][a-zA-Z0-9_]{0,63}$/;

/**
 * @param argument and the operation that it was given to, for the message.
 * @throws FunctionError, in the platform's words, for a name that no table can have.
 */
export function checkTableName(name: string, argument: string, operation: string): void {
  if (!VALID.test(name))
    throw new FunctionError(`Invalid argument \`${argument}\` for \`${operation}\`: ${describeProblem(name)}`);
}

function describeProblem(name: string): string {
  if (name === "") return "Identifier cannot be empty";
  const [first = "", ...rest] = name;
  if (!/[a-zA-Z_]/.test(first))
    return `Invalid first character '${first}' in ${name}: Identifiers must start with an alphabetic character or underscore`;
  const wrong = rest.find((character) => !/[a-zA-Z0-9_]/.test(character));
  if (wrong !== undefined)
    return (
      `Identifier ${name} has invalid character '${wrong}': ` +
      "Identifiers can only contain alphanumeric characters or underscores"
    );
  if (name.length > MAX_LENGTH) return `Identifier is too long (${name.length} > maximum ${MAX_LENGTH})`;
  return `Identifier ${name} cannot have exclusively underscores`;
}
