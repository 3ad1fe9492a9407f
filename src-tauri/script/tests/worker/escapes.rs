//! Ways out that scripts of other systems found. Each ends as it must: with an error, or with something harmless.

use hookloom_engine::ports::{ScriptFaultKind, ScriptOutcome};
use serde_json::{Value, json};

use crate::support::{block_on, run, workers};

pub const TESTS: &[(&str, fn())] = &[
    (
        "no_script_reaches_anything_outside_of_its_world",
        nothing_outside,
    ),
    ("no_script_leaves_anything_for_the_next", nothing_left),
];

/// Code that has to fail, or to be refused.
const DENIED: &[&str] = &[
    // Modules, as Node, Deno, Bun and QuickJS itself have them.
    "return require('fs')",
    "return require('child_process').execSync('id')",
    "return await import('fs')",
    "return await import('node:fs')",
    "return await import('std')",
    "return await import('os')",
    "return await import('qjs:std')",
    "return await import('qjs:os')",
    "return await import('/etc/passwd')",
    "return await import('file:///etc/passwd')",
    "return await import('data:text/javascript,export default 1')",
    "return await import('./script')",
    "import fs from 'fs'; return 1",
    "export const a = 1",
    "return import.meta.url",
    // Hosts.
    "return process.env",
    "return process.binding('spawn_sync')",
    "return Deno.readTextFileSync('/etc/passwd')",
    "return Bun.file('/etc/passwd')",
    "return std.open('/etc/passwd', 'r')",
    "return os.exec(['id'])",
    "return scriptArgs",
    "return load('/etc/passwd')",
    "return loadFile('/etc/passwd')",
    "return read('/etc/passwd')",
    "return print('x')",
    "return fetch('http://127.0.0.1/')",
    "return new XMLHttpRequest()",
    "return new WebSocket('ws://127.0.0.1/')",
    "return new Worker('x')",
    "return new SharedWorker('x')",
    "return setTimeout(() => 1, 1)",
    "return new WebAssembly.Module(new Uint8Array(8))",
    "return window.location",
    "return document.cookie",
    "return $262.agent",
    "return bjson.read(new ArrayBuffer(9), 0, 9)",
    // Constructors that other sandboxes leave open to a host.
    "return (function () {}).constructor('return process')()",
    "return [].constructor.constructor('return require(\"fs\")')()",
    "return memory.load.constructor('return process.mainModule')()",
    "return Object.getPrototypeOf(async function () {}).constructor('return process')()",
    "return await (async () => {}).constructor('return await import(\"fs\")')()",
    "return Reflect.construct(Function, ['return process'])()",
    "return eval('process')",
    "return (0, eval)('require')('fs')",
    "return new Function('return this.process.env')()",
    // The prelude's own parts.
    "return native",
    "return memory.load.caller",
    "return log.arguments",
    "return exit.caller.arguments",
    "memory.load = () => 1; return 1",
    "memory.load.call(null, {toString() { throw new Error('no') }})",
    "return Error.prepareStackTrace(1)",
    "return secrets.shop_token",
    "return globalThis.secrets.shop_token",
    "return Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)",
];

/// Code that may run, and what it must give.
fn harmless() -> Vec<(&'static str, Value)> {
    vec![
        ("return eval('1 + 1')", json!(2)),
        ("return Function('return 1 + 1')()", json!(2)),
        (
            "return typeof (function () { return this })()",
            json!("undefined"),
        ),
        ("return Object.keys(globalThis)", json!(["performance"])),
        (
            "return new Function('return Object.keys(this).length')()",
            json!(1),
        ),
        ("return secretState.load('orders_key')", Value::Null),
        ("return secretState.load('__proto__')", Value::Null),
        ("return memory.load('../../etc/passwd')", Value::Null),
        ("return memory.load('__proto__')", Value::Null),
        ("return memory.load('constructor')", Value::Null),
        ("return typeof globalThis.gc", json!("undefined")),
        ("return new Date().getTimezoneOffset()", json!(0)),
        // Lies about the result: they change the script's own world, and not how its result is made.
        (
            "JSON.stringify = () => '{\"admin\": true}'; return {a: 1}",
            json!({"a": 1}),
        ),
        (
            "JSON.parse = () => 5; return memory.load('order')",
            json!({"total": 21}),
        ),
        (
            "String.prototype.toWellFormed = () => { throw 1 }; log('a'); return 1",
            json!(1),
        ),
        (
            "Object.defineProperty = null; Function.prototype.call = null; return memory.load('order')",
            json!({"total": 21}),
        ),
        ("Promise.prototype.then = null; return 1", json!(1)),
        (
            "Array.prototype[0] = 'x'; Array.prototype[Symbol.iterator] = null; return memory.load('order')",
            json!({"total": 21}),
        ),
        (
            "globalThis.Error = null; return memory.load('order')",
            json!({"total": 21}),
        ),
        ("delete globalThis.JSON; return {a: [1]}", json!({"a": [1]})),
    ]
}

fn nothing_outside() {
    assert!(DENIED.len() + harmless().len() >= 70);
    block_on(async {
        let workers = workers();
        for code in DENIED {
            let end = run(&workers, code).await;
            let ScriptOutcome::Failed(fault) = &end.outcome else {
                panic!("{code} gave {:?}", end.outcome);
            };
            let is_its_own = matches!(
                fault.kind,
                ScriptFaultKind::Thrown | ScriptFaultKind::Syntax
            );
            assert!(is_its_own, "{code}: {fault:?}");
        }
        for (code, expected) in harmless() {
            let end = run(&workers, code).await;
            assert_eq!(end.outcome, ScriptOutcome::Returned(expected), "{code}");
        }
    });
}

fn nothing_left() {
    let dirty = [
        "globalThis.left = 1; return 1",
        "Object.prototype.left = 1; return 1",
        "Array.prototype.push = () => 'left'; return 1",
        "Object.prototype.toJSON = () => 'left'; return 1",
        "JSON.stringify = () => 'left'; return 1",
        "Promise.prototype.then = () => 'left'; return 1",
        "Function.prototype.left = 1; return 1",
        "String.prototype.toString = () => 'left'; return 1",
        "delete globalThis.JSON; return 1",
        "Object.freeze(Object.prototype); return 1",
        "globalThis.memory = {load: () => 'left'}; return 1",
        "globalThis.log = null; return 1",
        "memory.save('left', 1); return 1",
        "throw new Error('left')",
        "exit('left')",
    ];
    let clean = "const o = {}; o.a = [1]; o.a.push(2); log('x'); await Promise.resolve(1); \
                 return [typeof left, o.left, o, memory.load('left'), memory.load('order'), JSON.stringify(o)]";
    block_on(async {
        let workers = workers();
        for code in dirty {
            run(&workers, code).await;
            let end = run(&workers, clean).await;
            let expected =
                json!(["undefined", null, {"a": [1, 2]}, null, {"total": 21}, "{\"a\":[1,2]}"]);
            assert_eq!(
                end.outcome,
                ScriptOutcome::Returned(expected),
                "after {code}"
            );
            assert_eq!(end.logs, ["x"], "after {code}");
        }
    });
}
