//! The menu bar of the app's window, by the keys of a real keyboard: what it runs, what it edits, which keys it takes.

use std::fs;

use serde_json::{Value, json};

use super::desktop_life::Lived;
use crate::support::Keyboard;

const SWITCH: &str = "[...document.querySelectorAll('.mantine-Switch-root')]\
     .find((it) => it.textContent.includes('Show the menu bar')).querySelector('input')";
const FIELD: &str = "document.querySelector('input[placeholder=\"Find a command\"]')";

#[tokio::test]
#[ignore = "needs the desktop app and a display: `make test-desktop` has both"]
async fn desktop_menu_bar_runs_the_palette_s_commands_and_edits_fields() {
    let lived = Lived::begin(|_| {}).await;
    let window = &lived.window;
    let keyboard = Keyboard::at("Hookloom");
    assert!(!keyboard.has_menu('g'), "there is none before it is wanted");
    turn_on(&lived).await;
    lived.again(&["--page", "/requests"]).await;
    window.sees_heading("Requests").await;
    keyboard.focus();
    assert!(keyboard.has_menu('g'));

    keyboard.choose('g', 'j');
    window.sees_heading("Jobs").await;
    // A command of another page: it is opened first.
    keyboard.choose('f', 'n');
    window.sees_heading("Flows").await;
    window.sees("New flow").await;
    lived
        .page_says("document.querySelector('[role=dialog]') !== null")
        .await;
    // What is behind a dialog does not change.
    keyboard.choose('g', 'r');
    window.sees("Answer or close the dialog first.").await;
    window.sees_heading("Flows").await;
    window.press("Escape").await;
    lived
        .page_says("document.querySelector('[role=dialog]') === null")
        .await;

    // Its keys go to the field, and a field is found by its entry.
    keyboard.choose('h', 'k');
    window.sees_heading("Settings").await;
    lived
        .page_says(&format!("document.activeElement === {FIELD}"))
        .await;
    window
        .write("//input[@placeholder='Find a command']", "abc")
        .await;
    lived.page_says(&format!("{FIELD}.value === 'abc'")).await;
    keyboard.choose('e', 'a');
    keyboard.choose('e', 't');
    lived.page_says(&format!("{FIELD}.value === ''")).await;
    keyboard.choose('e', 'p');
    lived.page_says(&format!("{FIELD}.value === 'abc'")).await;
    keyboard.choose('e', 'p');
    lived
        .page_says(&format!("{FIELD}.value === 'abcabc'"))
        .await;
    keyboard.choose('e', 'u');
    lived.page_says(&format!("{FIELD}.value === 'abc'")).await;
    keyboard.choose('e', 'r');
    lived
        .page_says(&format!("{FIELD}.value === 'abcabc'"))
        .await;

    edits_a_drawing(&lived, &keyboard).await;
    keyboard.choose('v', 'm');
    lived.page_says("innerHeight === outerHeight").await;
    assert!(!keyboard.has_menu('g'), "it was hidden");
    turn_on(&lived).await;
    keyboard.focus();
    keyboard.choose('f', 'q');
    lived.has_ended().await;
    let kept = fs::read(lived.data().join("window.json")).expect("it is there");
    let kept: Value = serde_json::from_slice(&kept).expect("JSON");
    assert_eq!(kept["menu_bar"], json!(true), "{kept}");
}

#[tokio::test]
#[ignore = "needs the desktop app and a display: `make test-desktop` has both"]
async fn desktop_menu_bar_takes_no_key_from_the_page_and_follows_keys_that_were_changed() {
    let lived = Lived::begin(|data| {
        fs::write(data.join("window.json"), r#"{"menu_bar": true}"#).expect("written");
    })
    .await;
    let window = &lived.window;
    lived.page_says("innerHeight < outerHeight").await;
    let keyboard = Keyboard::at("Hookloom");
    // The page hears the shell from here on, and offers the window's commands.
    lived.again(&["--page", "/requests"]).await;
    window.sees_heading("Requests").await;
    window.press("ctrl+,").await;
    window.sees_heading("Settings").await;
    window.sees("Open the settings").await;
    // Another key for the settings: the old one does nothing any more, also where the bar showed it.
    let change = "[...document.querySelectorAll('tr')]\
         .find((it) => it.textContent.includes('Open the settings')).querySelector('button')";
    window.script(&format!("{change}.click()")).await;
    lived
        .page_says("document.querySelector('[role=dialog]') !== null")
        .await;
    // A key of the bar is the dialog's, as every other.
    keyboard.focus();
    keyboard.press("alt+5");
    let pressed = "document.querySelector('[role=dialog] [role=status]').textContent === ";
    lived.page_says(&format!("{pressed}'Alt 5'")).await;
    window.press("ctrl+shift+Y").await;
    lived.page_says(&format!("{pressed}'Ctrl Shift Y'")).await;
    window
        .click("//*[@role='dialog']//button[normalize-space(.)='Use this key']")
        .await;
    lived
        .page_says("document.querySelector('[role=dialog]') === null")
        .await;
    window.press("alt+5").await;
    window.sees_heading("Jobs").await;
    window.press("ctrl+,").await;
    window.press("alt+4").await;
    window.sees_heading("Requests").await;
    window.press("ctrl+shift+Y").await;
    window.sees_heading("Settings").await;
}

/// Where nobody writes, the same entries are about the parts of the flow.
async fn edits_a_drawing(lived: &Lived, keyboard: &Keyboard) {
    let window = &lived.window;
    let file = lived.data().with_file_name("flow.json");
    let step = json!({"name": "lonely", "kind": "set", "values": {"a": "1"}});
    let flow =
        json!({"format": "hookloom.flow/1", "name": "small", "title": "Small", "steps": [step]});
    fs::write(&file, flow.to_string()).expect("written");
    lived
        .cli()
        .run(&["flow", "import", &file.to_string_lossy()], "");
    lived.again(&["hookloom://flows/small"]).await;
    let node = "//*[@role='region'][@aria-label='Drawing of the flow']//*[normalize-space(text())='lonely']";
    window.click(node).await;
    let parts = "document.querySelectorAll('.react-flow__node').length";
    let before = window.script(&format!("return {parts}")).await;
    let before = before.as_u64().expect("a number");
    let parts = |more: u64| format!("{parts} === {}", before + more);
    keyboard.focus();
    keyboard.choose('e', 'c');
    window.sees("opied").await;
    keyboard.choose('e', 'p');
    lived.page_says(&parts(1)).await;
    keyboard.choose('e', 'u');
    lived.page_says(&parts(0)).await;
    keyboard.choose('e', 'r');
    lived.page_says(&parts(1)).await;
}

async fn turn_on(lived: &Lived) {
    lived.again(&["--page", "/settings"]).await;
    lived.window.sees("Show the menu bar").await;
    lived.window.script(&format!("{SWITCH}.click()")).await;
    lived.page_says("innerHeight < outerHeight").await;
}
