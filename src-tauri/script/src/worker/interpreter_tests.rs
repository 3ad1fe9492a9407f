//! What a script can do and how it ends, without a process around it.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::limits::{LOG_LINES_MAX, MESSAGE_BYTES_MAX};
use crate::message::Place;
use crate::worker::natives::AskError;

fn task(code: &str) -> Task {
    Task {
        code: code.to_owned(),
        deadline: Instant::now() + Duration::from_secs(20),
        memory: [(
            "order".to_owned(),
            r#"{"total":21,"email":"a@b.example"}"#.to_owned(),
        )]
        .into(),
        memory_apart: ["large".to_owned(), "broken".to_owned()].into(),
        globals: vec!["steps".to_owned()],
    }
}

fn run(code: &str) -> End {
    let ask = |place: Place, name: &str| match (place, name) {
        (Place::Memory, "large") => Ok(Some("[1,2]".to_owned())),
        (Place::Memory, _) => Err(AskError(format!("`{name}` cannot be read"))),
        (Place::SecretState, "token") => Ok(Some("\"hush\"".to_owned())),
        (Place::SecretState, _) => Ok(None),
        (Place::Global, _) => Ok(Some(r#"{"a":{"data":5}}"#.to_owned())),
    };
    Interpreter::new(&Prelude::compile())
        .run(task(code), Box::new(ask))
        .0
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("a worker gives JSON")
}

#[track_caller]
fn gives(code: &str) -> Value {
    match run(code).result {
        Ok(left) => json_of(&left.data),
        Err((fault, message)) => panic!("{code}: {fault:?}: {message}"),
    }
}

#[track_caller]
fn fails(code: &str) -> (Fault, String) {
    match run(code).result {
        Ok(left) => panic!("{code}: {}", left.data),
        Err(fault) => fault,
    }
}

#[track_caller]
fn throws(code: &str) -> String {
    let (fault, message) = fails(code);
    assert_eq!(fault, Fault::Thrown, "{code}: {message}");
    message
}

#[test]
fn a_script_returns_data_of_any_json_type() {
    assert_eq!(
        gives("return {a: [1, 2.5, true, null, 'x']};"),
        json!({"a": [1, 2.5, true, null, "x"]})
    );
    assert_eq!(gives("return 'grün 😀'"), json!("grün 😀"));
    assert_eq!(
        gives("return new Date(0)"),
        json!("1970-01-01T00:00:00.000Z")
    );
    assert_eq!(gives("return -0"), json!(0));
    for nothing in [
        "",
        "return",
        "return undefined",
        "return NaN",
        "// a comment",
        "let a = 1 // end",
    ] {
        assert_eq!(gives(nothing), Value::Null, "{nothing}");
    }
    assert_eq!(
        gives("return {a: undefined, b: [undefined]}"),
        json!({"b": [null]})
    );
}

#[test]
fn memory_is_loaded_by_name_and_null_when_nobody_set_it() {
    assert_eq!(
        gives("const o = memory.load('order'); return {email: o.email, total: o.total * 2};"),
        json!({"email": "a@b.example", "total": 42})
    );
    assert_eq!(
        gives("return [memory.load('nothing'), memory.load('large'), memory.load('large')]"),
        json!([null, [1, 2], [1, 2]])
    );
    assert!(throws("return memory.load('broken')").contains("`broken` cannot be read"));
    assert_eq!(
        gives("return [secretState.load('token'), secretState.load('other')]"),
        json!(["hush", null])
    );
    assert_eq!(
        gives("return [steps.a.data, vars, job, trigger]"),
        json!([5, {}, {}, {}])
    );
}

#[test]
fn what_is_saved_is_there_at_once_and_part_of_the_result() {
    let end = run(
        "memory.save('n', {x: 1}); memory.save('n', [memory.load('n').x + 1]); memory.save('u', undefined); return memory.load('n')",
    );
    let left = end
        .result
        .unwrap_or_else(|(_, message)| panic!("{message}"));
    assert_eq!(json_of(&left.data), json!([2]));
    let saved: Vec<(&str, &str)> = left
        .saved
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert_eq!(saved, [("n", "[2]"), ("u", "null")]);
    for name in ["", "1a", "a b", "steps", "secrets"] {
        assert!(
            throws(&format!("memory.save('{name}', 1)")).contains("cannot name memory"),
            "{name}"
        );
    }
    assert!(
        throws("for (let i = 0; i < 3; i += 1) memory.save('a' + i, 'x'.repeat(4e6))")
            .contains("script_saved_bytes_max")
    );
}

#[test]
fn exit_ends_the_script_with_its_own_code() {
    let exited = |code: &str| {
        let left = run(code)
            .result
            .unwrap_or_else(|(_, message)| panic!("{code}: {message}"));
        (left.exit_code.expect("it exited"), json_of(&left.data))
    };
    assert_eq!(
        exited("exit('too_big', {n: 1}); return 5"),
        ("too_big".into(), json!({"n": 1}))
    );
    assert_eq!(exited("exit('done')"), ("done".into(), Value::Null));
    assert_eq!(
        exited("try { exit('a') } catch { exit('b') } return 5"),
        ("a".into(), Value::Null)
    );
    assert_eq!(
        exited(
            "await Promise.resolve(); Promise.resolve().then(() => exit('late')); await new Promise(() => {})"
        ),
        ("late".into(), Value::Null)
    );
    for code in [
        "exit()",
        "exit(5)",
        "exit('a\\nb')",
        "exit('*')",
        "exit('')",
        "exit('skipped')",
    ] {
        assert!(throws(code).contains("exit"), "{code}");
    }
}

#[test]
fn promises_are_waited_for_and_one_that_never_settles_is_an_error() {
    assert_eq!(
        gives("const f = async (n) => n + 1; return await f(await f(1))"),
        json!(3)
    );
    assert_eq!(
        gives("return Promise.all([1, Promise.resolve(2)])"),
        json!([1, 2])
    );
    assert!(throws("await new Promise(() => {})").contains("never settles"));
    assert_eq!(
        throws("await Promise.reject(new Error('no'))"),
        "Error: no (line 1, column 26: `await Promise.reject(new Error('no'))`)"
    );
}

#[test]
fn an_error_says_what_and_where() {
    assert_eq!(
        throws("const o = memory.load('nothing');\n\n  return o.customer.email;"),
        "TypeError: cannot read property 'customer' of null (line 3, column 10: `return o.customer.email;`)"
    );
    assert_eq!(
        throws("const f = () => {\n  throw new RangeError('far');\n};\nf();"),
        "RangeError: far (line 2, column 13: `throw new RangeError('far');`)"
    );
    assert_eq!(throws("throw 'a text'"), "the script threw a text");
    assert_eq!(throws("throw {code: 5}"), "the script threw {\"code\":5}");
    assert!(throws("throw null").contains("threw null, or"));
    assert!(throws("totl = 5").contains("totl is not defined"));
    assert_eq!(throws("throw Object.create(null)"), "the script threw {}");
    throws("throw {get message() { throw 1 }, toJSON() { throw 2 }, toString() { throw 3 }}");
}

#[test]
fn an_error_of_any_size_fits_into_its_message() {
    let message = throws("throw new Error('x'.repeat(1e6))");
    assert!(
        message.len() < MESSAGE_BYTES_MAX && message.contains("1000000"),
        "{}",
        message.len()
    );
}

#[test]
fn code_that_is_no_javascript_says_the_line() {
    let (fault, message) = fails("const a = 1;\nreturn a +;");
    assert_eq!(fault, Fault::Syntax);
    assert!(
        message.starts_with("SyntaxError: ") && message.contains("(line 2, column"),
        "{message}"
    );
    let (_, message) = fails("if (true) {");
    assert!(message.contains("end of the code"), "{message}");
    for code in [
        "import x from 'y';",
        "return }",
        "5 })",
        "let a; let a;",
        "const = 5",
    ] {
        assert_eq!(fails(code).0, Fault::Syntax, "{code}");
        let deadline = Instant::now() + Duration::from_secs(20);
        assert!(
            Interpreter::new(&Prelude::compile())
                .check(code, deadline)
                .is_some(),
            "{code}"
        );
    }
}

#[test]
fn a_check_runs_nothing() {
    let deadline = Instant::now() + Duration::from_secs(20);
    assert_eq!(
        Interpreter::new(&Prelude::compile()).check("while (true) {}", deadline),
        None
    );
    assert_eq!(
        Interpreter::new(&Prelude::compile()).check("return await memory.load('a')", deadline),
        None
    );
}

#[test]
fn what_json_cannot_hold_is_an_error_that_names_it() {
    let data = |code: &str| {
        let (fault, message) = fails(code);
        assert_eq!(fault, Fault::Data, "{code}");
        message
    };
    assert!(data("return {a: {total: (5).toFixed}}").contains("`total` is a function"));
    assert!(data("return () => 1").contains("it is a function"));
    assert!(data("return [1n]").contains("`0` is a bigint"));
    assert!(data("return Symbol('a')").contains("is a symbol"));
    assert!(data("const a = {}; a.a = a; return a").contains("circular"));
    assert!(data("return 'x'.repeat(1.1e7)").contains("step_data_bytes_max"));
    assert!(data("return 'ü'.repeat(6e6)").contains("step_data_bytes_max"));
    assert!(
        data("let a = []; for (let i = 0; i < 200; i += 1) a = [a]; return a")
            .contains("script_data_depth_max")
    );
    assert!(data("return {get a() { throw new Error('no') }}").contains("Error: no"));
    assert!(throws("memory.save('a', 5n)").contains("bigint"));
}

#[test]
fn unpaired_surrogates_become_the_replacement_character_with_a_log_line() {
    let end = run(r#"log('a\ud800'); return ['\ud800b', '😀', '\\ud800']"#);
    let left = end
        .result
        .unwrap_or_else(|(_, message)| panic!("{message}"));
    assert_eq!(json_of(&left.data), json!(["\u{fffd}b", "😀", "\\ud800"]));
    assert_eq!(end.logs[0], "a\u{fffd}");
    assert!(
        end.logs[1].contains("1 unpaired surrogates"),
        "{:?}",
        end.logs
    );
    assert_eq!(gives("return {'\\udfff': 1}"), json!({"\u{fffd}": 1}));
}

#[test]
fn logs_are_kept_in_order_and_bounded() {
    let end = run(
        "log('a', 1, {b: [2]}, null, undefined, true); console.warn(new Error('e')); log(() => 1, 5n)",
    );
    assert_eq!(
        end.logs,
        [
            "a 1 {\"b\":[2]} null undefined true",
            "Error: e",
            "() => 1 5"
        ]
    );
    let logs = run("for (let i = 0; i < 1000; i += 1) log(i)").logs;
    assert_eq!(logs.len(), LOG_LINES_MAX + 1);
    assert!(
        logs[LOG_LINES_MAX].contains("800 more"),
        "{}",
        logs[LOG_LINES_MAX]
    );
    let logs = run("log('x'.repeat(1e6)); log('y')").logs;
    assert_eq!(logs.len(), 1, "half of a line could be half of a secret");
    let thrown = run("log('before'); throw new Error('no')");
    assert_eq!(thrown.logs, ["before"]);
}

#[test]
fn a_run_that_is_late_ends() {
    for code in [
        "while (true) {}",
        "await (async () => { while (true) await null })()",
        "return {get a() { while (true) {} }}",
    ] {
        let task = Task {
            deadline: Instant::now() + Duration::from_millis(30),
            ..task(code)
        };
        let (end, _used) =
            Interpreter::new(&Prelude::compile()).run(task, Box::new(|_, _| Ok(None)));
        assert_eq!(
            end.result.err().map(|(fault, _)| fault),
            Some(Fault::Timeout),
            "{code}"
        );
    }
}

#[test]
fn a_run_that_wants_too_much_memory_ends() {
    for code in [
        "const a = []; while (true) a.push(new Array(1e6).fill(1))",
        "const a = []; while (true) a.push('y'.repeat(1e7) + a.length)",
    ] {
        let (fault, message) = fails(code);
        assert_eq!(fault, Fault::Memory, "{code}: {message}");
    }
}

#[test]
fn recursion_without_end_is_an_error_of_the_script() {
    assert!(throws("const f = () => f() + 1; return f()").contains("stack"));
}

#[test]
fn a_script_that_imports_the_prelude_gets_nothing_of_ours() {
    let found = gives(
        "const it = await import('hookloom'); \
         try { return it.default({}); } catch (error) { return error.name; }",
    );
    assert_eq!(found, json!("TypeError"));
    assert_eq!(
        gives("return Object.keys(await import('hookloom'));"),
        json!(["default"])
    );
}
