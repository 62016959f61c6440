/** Why the work for one request ends when whoever asked has left: no failure of anybody, and nobody is there to be told. */
export class ClientWentError extends Error {
  constructor() {
    super('the client went');
    this.name = 'ClientWentError';
  }
}
