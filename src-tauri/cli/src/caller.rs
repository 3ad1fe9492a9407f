//! Calls of the control API, whoever answers: the owner of the folder, or this process as a short-lived owner.

use std::path::PathBuf;

use hookloom_runtime::{Access, DataFolder, Options, Role};
use http::Method;
use serde_json::Value;

use crate::commands::input::ask_passphrase;
use crate::failure::Failure;

/// A list asks for at most this many items at once.
const PAGE_ITEMS_MAX: usize = 500;

/// Calls the control API of one data folder.
pub struct Caller {
    access: Access,
}

impl Caller {
    /// Reaches the owner of the folder, or opens the folder, with a say in how that is done.
    pub async fn open_with(
        data: Option<PathBuf>,
        change: impl FnOnce(Options) -> Options,
    ) -> Result<Self, Failure> {
        Ok(Self::open_or_why(data, change).await?)
    }

    /// Reaches the owner of the folder, or opens the folder, for who wants to know why not.
    pub async fn try_open(data: Option<PathBuf>) -> Result<Self, hookloom_runtime::Error> {
        Self::open_or_why(data, |options| options).await
    }

    async fn open_or_why(
        data: Option<PathBuf>,
        change: impl FnOnce(Options) -> Options,
    ) -> Result<Self, hookloom_runtime::Error> {
        let folder = DataFolder::resolve(data)?;
        let options = Options::new(folder, Role::Command).asking_passphrase(ask_passphrase);
        let access = Access::open(change(options)).await?;
        Ok(Self { access })
    }

    /// Whether another process owns the folder.
    pub fn is_guest(&self) -> bool {
        matches!(self.access, Access::Guest(_))
    }

    /// Ends what this process began. Dropping it instead would cut running work off.
    pub async fn close(self) {
        self.access.close().await;
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.call(Method::GET, path, None).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.post_text(path, body.to_string()).await
    }

    /// POST of a text that is JSON already.
    pub async fn post_text(&self, path: &str, body: String) -> Result<Value, Failure> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// PUT.
    pub async fn put(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.call(Method::PUT, path, Some(body.to_string())).await
    }

    /// PATCH.
    pub async fn patch(&self, path: &str, body: Value) -> Result<Value, Failure> {
        self.call(Method::PATCH, path, Some(body.to_string())).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Result<Value, Failure> {
        self.call(Method::DELETE, path, None).await
    }

    /// The text of an answer, byte for byte.
    pub async fn get_text(&self, path: &str) -> Result<String, Failure> {
        let (_, text) = self.exchange(Method::GET, path, None).await?;
        Ok(text)
    }

    /// A list, newest first, over as many pages as `limit` needs.
    pub async fn list(
        &self,
        path: &str,
        filters: &[(&str, Option<String>)],
        limit: usize,
    ) -> Result<Vec<Value>, Failure> {
        let mut items = Vec::new();
        let mut before: Option<String> = None;
        while items.len() < limit {
            let page = (limit - items.len()).min(PAGE_ITEMS_MAX).to_string();
            let mut query = vec![("limit", Some(page)), ("before", before.take())];
            query.extend(filters.iter().cloned());
            let mut answer = self.get(&with_query(path, &query)).await?;
            if let Value::Array(page) = answer["items"].take() {
                items.extend(page);
            }
            before = answer["next"].as_str().map(str::to_owned);
            if before.is_none() {
                break;
            }
        }
        items.truncate(limit);
        Ok(items)
    }

    /// A list that the API gives whole and by name, newest first by the field that says so.
    pub async fn newest(&self, path: &str, by: &str, limit: usize) -> Result<Vec<Value>, Failure> {
        let mut items = self.list(path, &[], usize::MAX).await?;
        items.sort_by(|one, other| age(other, by).cmp(&age(one, by)));
        items.truncate(limit);
        Ok(items)
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Value, Failure> {
        let (_, text) = self.exchange(method, path, body).await?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| {
            Failure::internal(format!("The answer to {path} is no JSON: {error}."))
                .with_hint("The owner of the folder may be of another release than this command.")
        })
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<(u16, String), Failure> {
        let reply = self
            .access
            .call(method, &format!("/api/v1{path}"), body)
            .await?;
        if (200..300).contains(&reply.status) {
            return Ok((reply.status, reply.body));
        }
        let body = serde_json::from_str(&reply.body).unwrap_or(Value::Null);
        Err(Failure::from_answer(reply.status, &body))
    }
}

/// What orders a list by age: an id or a time. What has none is the oldest.
fn age<'i>(item: &'i Value, by: &str) -> (Option<i64>, Option<&'i str>) {
    (item[by].as_i64(), item[by].as_str())
}

/// A name as one segment of a path.
pub fn segment(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    // A segment of dots would climb.
    if text.bytes().all(|byte| byte == b'.') {
        text.replace('.', "%2E")
    } else {
        text
    }
}

fn with_query(path: &str, query: &[(&str, Option<String>)]) -> String {
    let parts: Vec<String> = query
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", segment(value.as_deref()?))))
        .collect();
    if parts.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", parts.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_segment_whatever_is_in_it() {
        assert_eq!(segment("order_intake"), "order_intake");
        assert_eq!(segment("a/b?c=d&é"), "a%2Fb%3Fc%3Dd%26%C3%A9");
        assert_eq!(segment(".."), "%2E%2E");
    }

    #[test]
    fn ids_and_times_order_a_list_and_what_has_none_is_the_oldest() {
        let item = |id: Value| serde_json::json!({ "at": id });
        let (old, new, none) = (
            item("2026-01-01".into()),
            item("2026-02-01".into()),
            item(Value::Null),
        );
        assert!(age(&old, "at") < age(&new, "at") && age(&none, "at") < age(&old, "at"));
        assert!(age(&item(9.into()), "at") < age(&item(17.into()), "at"));
    }

    #[test]
    fn only_filters_that_were_given_are_in_the_query() {
        let query = [
            ("limit", Some("5".to_owned())),
            ("flow", None),
            ("status", Some("a b".to_owned())),
        ];
        assert_eq!(with_query("/jobs", &query), "/jobs?limit=5&status=a%20b");
        assert_eq!(with_query("/jobs", &[]), "/jobs");
    }
}
