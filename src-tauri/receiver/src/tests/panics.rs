//! A panic is an answer, a record, and nothing more.

use super::ports::Mood;
use super::started::Started;

#[tokio::test]
async fn a_panic_is_a_500_on_record_and_the_server_lives() {
    let started = Started::new().await;
    started.inbox.set_mood(Mood::Panics);
    started
        .post("{}")
        .await
        .is(500, "{\"error\": \"Internal server error\"}");
    let record = started.rejected();
    assert_eq!((record.status, record.endpoint.as_str()), (500, "orders"));
    assert_eq!(record.path, "/api/webhook/local/intake?key=••••");
    assert_eq!(record.reason.expect("a reason").code, "internal");
    started.inbox.set_mood(Mood::Works);
    assert_eq!(started.post("{}").await.status, 200);
}
