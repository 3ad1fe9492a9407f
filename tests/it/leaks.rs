//! Two hundred secret values go through every feature, and are found nowhere: no file of the data folder, no log line, no
//! answer, no output of a command, in any encoding. What is no secret is found in all of these places by the same search.

mod acts;
mod flow;
mod scene;
mod values;

use axum::body::Body;
use axum::response::Response;
use serde_json::json;

use crate::support::{Canary, CanarySearch, Received, TestReceiver, answer};
use acts::{manage, receive, run_again, show_everything};
use scene::Scene;
use values::Values;

/// A server that tells everybody everything: each path in other encodings, so that all together have all.
fn echo(received: &Received, canaries: &[Canary]) -> Response<Body> {
    let turn = received.target.len();
    let written = |canary: &Canary| {
        let forms = canary.forms().into_iter().enumerate();
        let of_turn = forms.filter(|(number, _)| *number == 0 || (number + turn).is_multiple_of(3));
        of_turn
            .map(|(_, (_, text))| text)
            .collect::<Vec<_>>()
            .join(" and ")
    };
    let said: Vec<String> = canaries.iter().map(written).collect();
    let body = match received.target.as_str() {
        "/remote" => json!({"exit_code": "success", "data": {"said": said}}),
        "/llm/chat/completions" => {
            json!({"model": said[0], "choices": [{"message": {"content": said.join("\n")}}]})
        }
        _ => {
            json!({"said": said, "asked": String::from_utf8_lossy(&received.body), "_statePut": {"put": said[0]}})
        }
    };
    let mut response = answer(200, &body.to_string());
    for (number, canary) in canaries.iter().enumerate().step_by(17) {
        let name = format!("x-said-{number}");
        let name = axum::http::HeaderName::from_bytes(name.as_bytes()).expect("a name");
        // As a whole, and so that it may stand in a header.
        let (_, encoded) = canary.forms().swap_remove(turn % 3 + 4);
        let value = encoded.parse().expect("it may stand in a header");
        response.headers_mut().insert(name, value);
    }
    response
}

#[track_caller]
fn nothing(found: Vec<String>, where_at: &str) {
    assert!(
        found.is_empty(),
        "{where_at}: {} hits: {found:#?}",
        found.len()
    );
}

/// The control: what is no secret is found by the same search.
fn is_found(scene: &Scene) {
    let control = CanarySearch::new(std::slice::from_ref(&scene.control));
    let in_files = control.in_folder(&scene.workspace.data());
    assert!(!in_files.is_empty(), "what is no secret is found in files");
    let in_answers = control.in_text(&scene.heard.0);
    assert!(
        !in_answers.is_empty(),
        "what is no secret is found in answers"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_values_appear_in_no_file_no_log_and_no_answer_in_any_encoding() {
    let mut receiver = TestReceiver::start().await;
    let values = Values::new();
    let all = values.all();
    let (secrets, others) = all.split_at(values.secrets.len());
    let (secrets, others) = (secrets.to_vec(), others.to_vec());
    receiver.script(move |it| {
        // Nobody masks what a job never knew: what only lived as long as another job is told by who got it.
        let body = String::from_utf8_lossy(&it.body).into_owned();
        let told = others.iter().filter(|canary| body.contains(&canary.plain));
        echo(it, &secrets.iter().chain(told).cloned().collect::<Vec<_>>())
    });
    let mut scene = Scene::new(&receiver, values).await;
    let updates = scene.sender.listen(&scene.app).await;
    receive(&mut scene).await;
    // The values did go out where they belong: a flow that never used them would be a test that cannot fail.
    let called = receiver.next_to("/called").await.text();
    let sent = scene
        .values
        .secrets
        .iter()
        .chain(&scene.values.states)
        .chain(&scene.values.credentials[..3]);
    for canary in sent {
        assert!(
            called.contains(&canary.plain),
            "{} was not sent: {called}",
            canary.value
        );
    }
    run_again(&mut scene).await;
    manage(&mut scene).await;
    show_everything(&mut scene).await;

    let hidden: Vec<Canary> = all.iter().chain(&scene.made).cloned().collect();
    let search = CanarySearch::new(&hidden);
    let updates = updates.lock().expect("no panic").clone();
    assert!(updates.contains("\"jobs\""), "live updates came: {updates}");
    nothing(search.in_text(&updates), "live updates");
    nothing(search.in_text(&scene.heard.0), "answers and commands");
    // The token file of the owner is the one place where its token is.
    let data = scene.workspace.data();
    let without_owner = CanarySearch::new(
        &hidden
            .iter()
            .filter(|it| it.value != scene.app.token())
            .cloned()
            .collect::<Vec<_>>(),
    );
    nothing(without_owner.in_folder(&data), "while it runs");
    is_found(&scene);
    let Scene { workspace, app, .. } = scene;
    let log = app.kill();
    nothing(search.in_text(&log), "the log");
    assert!(log.contains("TRACE"), "the log has everything");
    nothing(without_owner.in_folder(&data), "after a kill");
    let again = workspace.serve();
    workspace.run(&["doctor"]);
    nothing(search.in_text(&again.log()), "the log after a restart");
    drop(again);
    nothing(without_owner.in_folder(&data), "after a restart");
}
