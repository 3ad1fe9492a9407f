// What a script finds in its world, made before it runs. Everything that is used later is taken into constants first:
// a script may change its own prototypes as it likes, and must not change what becomes of its result.
// A module, because only a module can be compiled apart from the world that it runs in.
// A script could import it; only the first caller is ours.
let isMade = false;

export default (function (native) {
  if (isMade) throw new TypeError('there is one world');
  isMade = true;
  const { parse, stringify } = JSON;
  const { defineProperty, freeze } = Object;
  const String_ = String;
  const Error_ = Error;
  const TypeError_ = TypeError;
  const RangeError_ = RangeError;
  const wellFormed = Function.prototype.call.bind(String.prototype.toWellFormed);
  const { dataMax, messageMax } = native;

  const refuse = function (key, value) {
    const kind = typeof value;
    if (kind === 'function' || kind === 'symbol' || kind === 'bigint') {
      const what = key === '' ? 'it' : '`' + key + '`';
      const hint = kind === 'bigint' ? '; use Number() or String()' : kind === 'function' ? '; was it meant to be called?' : '';
      throw new TypeError_(what + ' is a ' + kind + ', which JSON cannot hold' + hint);
    }
    return value;
  };

  const textOf = (value) => {
    const text = stringify(value, refuse);
    if (text === undefined) return 'null';
    if (text.length > dataMax) {
      throw new RangeError_('it has ' + text.length + ' characters as JSON, more than step_data_bytes_max of ' + dataMax);
    }
    return text;
  };

  const load = (place, name) => {
    const answer = native.load(place, wellFormed(String_(name)));
    if (answer[1] !== undefined) throw new Error_(answer[1]);
    return answer[0] === undefined ? undefined : parse(answer[0]);
  };

  const show = (value) => {
    if (typeof value === 'string') return value;
    try {
      if (typeof value === 'object' && value !== null && !(value instanceof Error_)) {
        const text = stringify(value);
        if (typeof text === 'string') return text;
      }
      return String_(value);
    } catch {
      return '[' + typeof value + ']';
    }
  };

  const log = function () {
    let line = '';
    for (let at = 0; at < arguments.length; at += 1) {
      line += (at === 0 ? '' : ' ') + show(arguments[at]);
    }
    native.log(wellFormed(line));
  };

  const ended = freeze({ ended: 'the script called exit' });
  const exit = (code, data) => {
    if (typeof code !== 'string') {
      throw new TypeError_("exit needs an exit code, such as exit('success', data)");
    }
    const wrong = native.exit(wellFormed(code), textOf(data));
    if (wrong !== undefined) throw new TypeError_(wrong);
    throw ended;
  };

  const memory = freeze({
    load: (name) => load('memory', name) ?? null,
    save: (name, value) => {
      const wrong = native.save(wellFormed(String_(name)), textOf(value));
      if (wrong !== undefined) throw new TypeError_(wrong);
    },
  });
  const secretState = freeze({ load: (name) => load('secret_state', name) ?? null });
  const console = freeze({ log, info: log, warn: log, error: log, debug: log });

  const put = (name, value) => defineProperty(globalThis, name, { value, writable: true, configurable: true });
  put('memory', memory);
  put('secretState', secretState);
  put('log', log);
  put('exit', exit);
  put('console', console);
  for (const name of ['job', 'steps', 'trigger', 'vars']) {
    let value;
    let known = false;
    const get = () => {
      if (!known) {
        value = load('global', name) ?? {};
        known = true;
      }
      return value;
    };
    defineProperty(globalThis, name, { get, configurable: true });
  }

  // An error in three texts: its name, its message, its stack of calls.
  const bounded = (text) => {
    if (typeof text !== 'string') return '';
    return text.length > messageMax ? 'a text of ' + text.length + ' characters' : wellFormed(text);
  };
  const describe = (error) => {
    try {
      if (error instanceof Error_) return [bounded(error.name), bounded(error.message), bounded(error.stack)];
      return ['', bounded(show(error)), ''];
    } catch {
      return ['', 'something that cannot be shown', ''];
    }
  };
  return [textOf, describe];
});
