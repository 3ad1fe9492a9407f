//! Programs that want all the time or all the memory. Each ends within its limit and a quarter of a second, and the
//! process that started it runs on.

use std::time::{Duration, Instant};

use hookloom_engine::ports::{ScriptEnd, ScriptFaultKind, ScriptOutcome};
use hookloom_script::Workers;
use serde_json::json;

use crate::support::{block_on, fault, run, run_for, workers};

pub const TESTS: &[(&str, fn())] = &[("every_greedy_program_ends_in_time", all_end)];

const LIMIT_MS: i64 = 150;
const SLACK_MS: u64 = 250;
/// A machine that is busy with something else may be late once.
const TRIES: usize = 4;

const GREEDY: &[&str] = &[
    // Loops.
    "while (true) {}",
    "for (;;) { try { throw 1 } catch {} }",
    "while (true) { try { while (true) {} } finally { continue } }",
    "do { eval('1') } while (true)",
    "for (;;) new Function('return 1')()",
    "const f = () => { try { f() } finally { f() } }; f()",
    "let n = 1n; while (true) n *= 3n",
    "return 7n ** 100000000n",
    "const a = []; a.length = 4294967295; a.sort()",
    "const a = new Array(3e8); for (const x of a) x",
    "return [...Array(1e9).keys()].length",
    "label: while (true) { continue label }",
    // Natives that never ask whether they should end.
    "new Array(1e9).fill(1)",
    "new Array(2e7).fill(1).map((x, i) => 2e7 - i).sort()",
    "const a = []; for (let i = 0; i < 3e6; i += 1) a.push('x' + ((i * 7919) % 1000003)); while (true) a.sort()",
    "while (true) 'x'.repeat(2 ** 26).split('').length",
    "const s = 'x'.repeat(2 ** 26); while (true) s.indexOf('y'.repeat(100))",
    "while (true) 'ab'.repeat(2 ** 24).replaceAll('a', 'bb').length",
    "const s = 'a'.repeat(2 ** 24); while (true) s.lastIndexOf('ab')",
    "while (true) JSON.stringify(new Array(1e6).fill(0)).length",
    "const t = '[' + '1,'.repeat(2e6) + '1]'; while (true) JSON.parse(t)",
    "const a = new Float64Array(1e7); while (true) a.sort()",
    "const a = new Uint8Array(1e8); while (true) a.reverse()",
    "const s = 'é'.repeat(1e7); while (true) s.normalize('NFD').length",
    "while (true) 'x'.padEnd(2 ** 27, 'yz').length",
    "const a = Array.from({length: 1e6}, (_, i) => i); while (true) a.includes(-1)",
    "const d = new Date(); while (true) d.toString()",
    // Patterns.
    "return /^(a+)+$/.test('a'.repeat(40) + '!')",
    "return /(x+x+)+y/.test('x'.repeat(40))",
    "return /^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60))",
    "return new RegExp('(?:a?){60}a{60}').test('a'.repeat(59))",
    // Promises.
    "const again = () => Promise.resolve().then(again); return again()",
    "while (true) await null",
    "const p = []; while (true) p.push(Promise.resolve(p))",
    "return {then(done) { Promise.resolve().then(() => done(this)) }}",
    "async function* all() { while (true) yield 1 } for await (const x of all()) x",
    // Depth.
    "const f = () => f(); while (true) { try { f() } catch {} }",
    "let a = []; for (let i = 0; i < 1e6; i += 1) a = [a]; while (true) { try { JSON.stringify(a) } catch {} }",
    "const t = '['.repeat(1e6); while (true) { try { JSON.parse(t) } catch {} }",
    "while (true) { try { eval('('.repeat(1e5)) } catch {} }",
    // What is returned, thrown, saved, logged or loaded.
    "return {get a() { while (true) {} }}",
    "return {toJSON() { while (true) {} }}",
    "return new Proxy({}, {ownKeys() { while (true) {} }})",
    "return new Proxy([], {get(t, k) { return k === 'length' ? 4294967295 : 0 }})",
    "throw {get message() { while (true) {} }, toJSON() { while (true) {} }, toString() { while (true) {} }}",
    "class E extends Error { get stack() { while (true) {} } get name() { while (true) {} } } throw new E('x')",
    "while (true) log('x'.repeat(1e5))",
    "while (true) memory.save('a', 'x'.repeat(9e6))",
    "while (true) memory.load('large')",
    "while (true) secretState.load('none')",
    "memory.load({toString() { while (true) {} }})",
    "exit('a', {get a() { while (true) {} }})",
    // Memory.
    "const a = []; while (true) a.push(new Uint8Array(1e7))",
    "const a = []; while (true) a.push({a: [1, 2, 3]})",
    "let s = 'x'; while (true) s += s",
    "const m = new Map(); for (let i = 0; ; i += 1) m.set('k' + i, {i})",
    "const a = []; while (true) { try { a.push(new Array(1e6).fill('y')) } catch {} }",
    "return new ArrayBuffer(2 ** 40)",
    "return 'x'.repeat(2 ** 29)",
    "return Array(1e8).join('abc').length",
    "throw new Error('x'.repeat(2 ** 27))",
    "const a = []; while (true) a.push(Symbol('x'.repeat(1e6)))",
];

fn all_end() {
    assert!(GREEDY.len() >= 60, "{}", GREEDY.len());
    block_on(async {
        let workers = workers();
        let well = json!(1);
        run(&workers, "return 1").await;
        for code in GREEDY {
            let end = in_time(&workers, code).await;
            assert!(
                fault(&end).is_some_and(is_greed),
                "{code}: {:?}",
                end.outcome
            );
        }
        let end = run(&workers, "return 1").await;
        assert_eq!(end.outcome, ScriptOutcome::Returned(well));
    });
}

/// What may become of one. Thrown: the interpreter itself refused what was too much.
fn is_greed(kind: ScriptFaultKind) -> bool {
    matches!(
        kind,
        ScriptFaultKind::Timeout
            | ScriptFaultKind::Memory
            | ScriptFaultKind::Thrown
            | ScriptFaultKind::Data
            | ScriptFaultKind::WorkerDied
    )
}

async fn in_time(workers: &Workers, code: &str) -> ScriptEnd {
    let mut took = Duration::ZERO;
    for _ in 0..TRIES {
        let begun = Instant::now();
        let end = run_for(workers, "greedy", code, LIMIT_MS).await;
        took = begun.elapsed();
        if took <= Duration::from_millis(LIMIT_MS as u64 + SLACK_MS) {
            return end;
        }
    }
    panic!("{code} ended after {} ms", took.as_millis());
}
