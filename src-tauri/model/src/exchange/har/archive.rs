//! An archive as a whole: which of its requests become steps, and what is said of the rest.

use serde_json::{Value, json};

use super::super::incoming::{Format, Incoming, Unreadable};
use super::super::names::plain;
use super::super::notes::Notes;
use super::super::request::Steps;
use super::super::workspace::WorkspaceDocument;
use super::entry;
use crate::document::FORMAT;

/// Requests of one archive that become steps.
pub const HAR_STEPS_MAX: usize = 100;

/// Reads an archive.
pub(in super::super) fn read(archive: &Value, name: &str) -> Result<Incoming, Unreadable> {
    let entries = archive["log"]["entries"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let mut notes = Notes::default();
    let mut steps = Steps::default();
    let mut parts_of_pages = 0_usize;
    let mut beyond = 0_usize;
    for (index, entry) in entries.iter().enumerate() {
        if entry::is_part_of_a_page(entry) {
            parts_of_pages += 1;
        } else if steps.len() >= HAR_STEPS_MAX {
            beyond += 1;
        } else if let Some(request) = entry::request(entry, index, &mut notes) {
            steps.push(request, &entry::place(index), &mut notes);
        }
    }
    if steps.len() == 0 {
        return Err(Unreadable::new(
            "The archive has no request that could become a step.",
            "Images, styles, scripts and the like are left out: record the calls themselves, such as those of the filter Fetch/XHR.",
        ));
    }
    tell(&mut notes, steps.len(), parts_of_pages, beyond);
    let name = plain(name, "archive");
    let document = json!({"format": FORMAT, "name": name, "title": "Requests of an archive", "steps": steps.into_vec()});
    Ok(Incoming {
        format: Format::Har,
        document: WorkspaceDocument::of_draft(name, document),
        notes,
    })
}

fn tell(notes: &mut Notes, steps: usize, parts_of_pages: usize, beyond: usize) {
    let what = format!("{steps} requests");
    notes.kept(
        what,
        "Each is an `http` step of one flow, after the one before.",
    );
    if parts_of_pages > 0 {
        let what = format!("{parts_of_pages} images, styles, scripts and other parts of pages");
        notes.dropped(
            what,
            "A browser fetches them to show a page; a flow has no use for them.",
        );
    }
    if beyond > 0 {
        let why = format!("One archive becomes at most HAR_STEPS_MAX = {HAR_STEPS_MAX} steps.");
        notes.dropped(format!("{beyond} more requests"), why);
    }
    let why = "They are a record of the past; the steps get answers of their own.";
    notes.dropped("answers, cookies, times and pages", why);
    let why = "Your own program sent them; Hookloom sends its own.";
    notes.dropped(
        "headers of the browser and of the connection, such as `User-Agent` and `Host`",
        why,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Fate, Note};

    fn archive() -> Value {
        serde_json::from_str(include_str!("../testing/browser.har")).expect("JSON")
    }

    fn has(notes: &[Note], fate: Fate, part: &str) -> bool {
        notes
            .iter()
            .any(|note| note.fate == fate && note.what.contains(part))
    }

    #[test]
    fn an_archive_of_a_browser_becomes_a_flow_of_its_calls() {
        let incoming = read(&archive(), "Shop 2026").expect("it has calls");
        let flow = &incoming.document.flows[0];
        assert_eq!(flow.name, "shop_2026");
        let parsed = crate::document::from_value(flow.draft.clone());
        assert!(!parsed.blocks_publish(), "{:#?}", parsed.problems);
        let steps = flow.draft["steps"].as_array().expect("steps");
        let names: Vec<&str> = steps
            .iter()
            .filter_map(|step| step["name"].as_str())
            .collect();
        assert_eq!(
            names,
            [
                "get_checkout",
                "post_orders",
                "post_login",
                "post_scans",
                "put_3f"
            ]
        );
        assert_eq!(
            steps[1]["after"],
            json!([{"step": "get_checkout", "on": ["success"]}])
        );
        assert_eq!(steps[1]["body"], "{\"sku\":\"A-1\",\"count\":2}");
        assert_eq!(steps[2]["body"], "user=ada&remember=on%2Fyes");
        assert_eq!(
            steps[3]["multipart"][0],
            json!({"name": "note", "value": "two pages"})
        );
        assert_eq!(
            steps[3]["multipart"][1]["file"],
            "{{ trigger.files[\"scan\"] }}"
        );
        assert!(
            !flow.draft.to_string().contains("hunter2"),
            "{:#}",
            flow.draft
        );
        let notes = incoming.notes.into_vec();
        assert!(has(&notes, Fate::Kept, "5 requests"), "{notes:#?}");
        assert!(has(&notes, Fate::Dropped, "3 images"), "{notes:#?}");
        assert!(has(&notes, Fate::Dropped, "Cookie"), "{notes:#?}");
        assert!(has(&notes, Fate::Dropped, "WebSocket"), "{notes:#?}");
        assert!(has(&notes, Fate::Dropped, "binary"), "{notes:#?}");
        assert!(has(&notes, Fate::Changed, "authorization"), "{notes:#?}");
        assert!(!format!("{notes:?}").contains("hunter2"), "{notes:#?}");
    }

    #[test]
    fn an_archive_without_calls_is_refused_with_a_way_out() {
        let mut archive = archive();
        archive["log"]["entries"]
            .as_array_mut()
            .expect("entries")
            .truncate(0);
        assert!(
            read(&archive, "a")
                .expect_err("empty")
                .hint
                .contains("Fetch/XHR")
        );
    }

    #[test]
    fn more_requests_than_a_flow_should_have_are_counted() {
        let mut archive = archive();
        let one = archive["log"]["entries"][0].clone();
        archive["log"]["entries"] = vec![one; HAR_STEPS_MAX + 7].into();
        let incoming = read(&archive, "a").expect("it has calls");
        assert_eq!(
            incoming.document.flows[0].draft["steps"]
                .as_array()
                .map(Vec::len),
            Some(HAR_STEPS_MAX)
        );
        assert!(has(
            &incoming.notes.into_vec(),
            Fate::Dropped,
            "7 more requests"
        ));
    }
}
