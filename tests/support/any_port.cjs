// Loaded before a server that listens on a port of its own choice: it gets any free one on this computer instead, and the
// port is the first line that is printed.
//
// Usage: node --require ./any_port.cjs SERVER

const { Server } = require('node:net');

const listen = Server.prototype.listen;

Server.prototype.listen = function (port, ...more) {
  if (typeof port !== 'number') {
    return listen.call(this, port, ...more);
  }
  this.once('listening', () => console.log(this.address().port));
  return listen.call(this, 0, '127.0.0.1', ...more.filter((it) => typeof it === 'function'));
};
